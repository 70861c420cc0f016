// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_path.sv
// Receive coding path: aligned lane words become beats, the light FEC corrects them, their CRCs are
// checked, header and payload come out.
//
// Latency       Last word of a flit at u: done_o, good_o, header_o, init_o at u + RxLat, with light
//               FEC FecRxLat later. A beat is on beat_o as late after the word that completes it,
//               so the last one comes with the verdict; with light FEC the four come in a row.
// Throughput    One word a clock.
// Backpressure  None.
// Reset         Async on the controls; a flit cut short leaves no trace.
// Errors        good_o = 0: a CRC does not stand.
// Not here      Framing (lr_rx_framer), meaning of the header (lr_rx_verdict).
`include "lr_assert.svh"
module lr_rx_path #(
    parameter  int unsigned Lanes      = 16,              // 4, 8 or 16
    parameter  int unsigned Spares     = 0,               // 0, 1 or 2
    parameter  bit          LightFec   = 1'b0,
    parameter  bit          FastCoding = 1'b1,            // 1: simulation bodies
    localparam int unsigned Phys       = Lanes + Spares,
    localparam int unsigned LaneBits   = 512 / Lanes,
    localparam int unsigned Bits       = Phys * LaneBits
) (
    input logic clk_i,
    input logic rst_ni,
    input logic [Bits-1:0] word_i,
    input logic flit_i,  // word_i belongs to a flit
    input logic [3:0] index_i,  // ... and is this word of it
    input logic restart_i,  // the key begins anew with the next word
    // Lane map; it stays while flits are on their way
    input logic [1:0] shift_i,
    input logic plain_i,
    input logic [Lanes-1:0][4:0] phys_i,
    output logic beat_valid_o,
    output logic [1:0] beat_index_o,
    output logic [511:0] beat_o,  // payload only: header, CRC and FEC bytes are zero
    output logic done_o,
    output logic good_o,  // with done_o
    output logic [2:0] fec_o,  // with done_o: groups that were corrected
    output logic [47:0] header_o,  // from the first beat on beat_o to done_o
    output lr_rtl_pkg::init_t init_o  // likewise, of CTRL flits
);
  localparam int unsigned KeyLanes = (Phys < 8) ? Phys : 8;
  localparam int unsigned KeyBits = LaneBits * KeyLanes;
  localparam int unsigned KeyCopies = (Phys + KeyLanes - 1) / KeyLanes;

  logic [KeyBits-1:0] key;
  logic [511:0] striped;  // logical lanes
  logic [511:0] raw, plain;  // a beat as received, as corrected
  logic raw_valid, plain_valid;
  logic [1:0] raw_index, plain_index;
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

  always_comb begin
    if (plain_i) begin
      striped = word_i[511:0] ^ 512'({KeyCopies{key}});
    end else begin
      for (int unsigned i = 0; i < Lanes; i++) begin
        striped[i*LaneBits+:LaneBits] = word_i[32'(phys_i[i])*LaneBits+:LaneBits] ^
            key[(32'(phys_i[i])%KeyLanes)*LaneBits+:LaneBits];
      end
    end
  end

  lr_rx_destripe #(
      .Lanes(Lanes)
  ) u_destripe (
      .clk_i,
      .flit_i,
      .index_i,
      .word_i (striped),
      .shift_i,
      .valid_o(raw_valid),
      .index_o(raw_index),
      .beat_o (raw)
  );

  if (LightFec) begin : gen_fec
    logic [511:0] corrected;
    logic [2:0] groups, groups1_q, groups2_q, groups3_q;
    lr_fec_dec u_fec (
        .clk_i,
        .rst_ni,
        .valid_i (raw_valid),
        .index_i (raw_index),
        .beat_i  (raw),
        .valid_o (plain_valid),
        .index_o (plain_index),
        .beat_o  (corrected),
        .groups_o(groups)
    );
    // CRC1 sees the check bytes as zero.
    always_comb begin
      plain = corrected;
      if (plain_index == 2'd3) plain[495:448] = '0;
    end
    always_ff @(posedge clk_i) begin
      groups1_q <= groups;
      groups2_q <= groups1_q;
      groups3_q <= groups2_q;
    end
    assign fec_o = groups3_q;
  end else begin : gen_no_fec
    assign plain = raw;
    assign plain_valid = raw_valid;
    assign plain_index = raw_index;
    assign fec_o = '0;
  end

  logic [1:0] pos_d;
  assign pos_d = pos_q + 2'd1;
  assign stages_d = {stages_q[5:0], plain_valid, plain_index};
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
    if (plain_valid) ring[pos_q] <= plain;
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

  `LR_STATIC(LatencyMatches, lr_link_pkg::RxLat == 3 && lr_link_pkg::FecRxLat == 5)
endmodule
