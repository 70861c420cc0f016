// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_path.sv
// Receive coding path: aligned lane words become beats, their CRCs are checked, header and payload
// come out.
//
// Latency       Last word of a flit at u: done_o, good_o, header_o, init_o at u + RxLat. The beat
//               of a word at u is on beat_o at u + RxLat too, so the last one comes with the
//               verdict.
// Throughput    One word a clock.
// Backpressure  None.
// Reset         Async on the controls; a flit cut short leaves no trace.
// Errors        good_o = 0: a CRC does not stand.
// Not here      Framing (lr_rx_framer), meaning of the header (lr_rx_verdict).
`include "lr_assert.svh"
module lr_rx_path #(
    parameter int unsigned Lanes      = 16,   // 4, 8 or 16
    parameter bit          FastCoding = 1'b1  // 1: simulation bodies of CRC and scrambler
) (
    input logic clk_i,
    input logic rst_ni,
    input logic [511:0] word_i,
    input logic flit_i,  // word_i belongs to a flit
    input logic [1:0] index_i,  // ... and is this beat of it
    input logic restart_i,  // the key begins anew with the next word
    output logic beat_valid_o,
    output logic [1:0] beat_index_o,
    output logic [511:0] beat_o,  // payload only: header, CRC and FEC bytes are zero
    output logic done_o,
    output logic good_o,  // with done_o
    output logic [47:0] header_o,  // from the first beat on beat_o to done_o
    output lr_rtl_pkg::init_t init_o  // likewise, of CTRL flits
);
  localparam int unsigned LaneBits = 512 / Lanes;
  localparam int unsigned KeyLanes = (Lanes < 8) ? Lanes : 8;
  localparam int unsigned KeyBits = LaneBits * KeyLanes;

  logic [KeyBits-1:0] key;
  logic [511:0] plain, striped;
  logic [511:0] ring  [4];  // the last beats; a beat is used at its ages 0, 1 and 2
  logic [  1:0] pos_q;
  // Valid and index of the beats of ages 0, 1 and 2, newest in the low bits.
  logic [8:0] stages_d, stages_q;
  logic valid1, valid2, valid3;
  logic [1:0] index1, index2, index3;

  lr_scrambler #(
      .LaneBits  (LaneBits),
      .KeyLanes  (KeyLanes),
      .FastCoding(FastCoding)
  ) u_scrambler (
      .clk_i,
      .restart_i,
      .advance_i(flit_i),
      .key_o    (key)
  );

  assign striped = word_i ^ {512 / KeyBits{key}};

  lr_byte_transpose #(
      .Rows(Lanes)
  ) u_destripe (
      .data_i(striped),
      .data_o(plain)
  );

  logic [1:0] pos_d;
  assign pos_d = pos_q + 2'd1;
  assign stages_d = {stages_q[5:0], flit_i, index_i};
  assign {valid3, index3, valid2, index2, valid1, index1} = stages_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      pos_q <= '0;
      stages_q <= '0;
    end else begin
      pos_q <= pos_d;
      stages_q <= stages_d;
    end
  end
  always_ff @(posedge clk_i) begin
    if (flit_i) ring[pos_q] <= plain;
  end

  // Age 0: the CRC takes the beat.
  logic [511:0] newest;
  logic [15:0] crc, stored_q;
  logic half_good, first_good_q;
  assign newest = ring[pos_q-2'd1];
  lr_crc16_beat #(
      .FastCoding(FastCoding)
  ) u_crc (
      .clk_i,
      .valid_i (valid1),
      .second_i(index1[0]),
      .ones_i  (index1[1]),
      .beat_i  (newest),
      .crc_o   (crc)
  );
  always_ff @(posedge clk_i) begin
    if (valid1) stored_q <= newest[511:496];
  end

  // Age 1: the halves are judged; header and INIT fields are taken.
  assign half_good = crc == stored_q;
  logic done_d, good_d, header_en;
  logic [47:0] header_d;
  lr_rtl_pkg::init_t init_d;
  assign done_d = valid2 && index2 == 2'd3;
  assign good_d = half_good && first_good_q;
  assign header_en = valid2 && index2 == 2'd0;
  assign header_d = ring[pos_q-2'd2][47:0];
  assign init_d = ring[pos_q-2'd2][48+:$bits(lr_rtl_pkg::init_t)];
  always_ff @(posedge clk_i) begin
    if (valid2 && index2 == 2'd1) first_good_q <= half_good;
    if (header_en) header_o <= header_d;
    if (header_en && header_d[2:0] == lr_link_pkg::KindCtrl) init_o <= init_d;
    if (done_d) good_o <= good_d;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) done_o <= 1'b0;
    else done_o <= done_d;
  end

  // Age 2: the payload goes to the receive buffer.
  assign beat_valid_o = valid3;
  assign beat_index_o = index3;
  always_comb begin
    if (valid3) begin
      beat_o = ring[pos_q-2'd3];
      if (index3 == 2'd0) beat_o[47:0] = '0;
      if (index3[0]) beat_o[511:496] = '0;
      if (index3 == 2'd3) beat_o[495:448] = '0;
    end else begin
      beat_o = '0;
    end
  end

  `LR_STATIC(LatencyMatches, lr_link_pkg::RxLat == 3)
endmodule
