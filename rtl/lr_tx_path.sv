// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_path.sv
// Transmit coding path: header and payload beats get their CRCs, are striped and scrambled; markers
// go between.
//
// Latency       Decision (marker_i or flit_i) at D: first lane word at D + TxLat. beat_i is looked
//               at in the four clocks from D + 1 on.
// Throughput    One beat a clock. After a flit the next decision comes 4 clocks later, after a
//               marker M.
// Backpressure  None: who decides keeps the distance.
// Reset         light_i = 0 at clock c makes light and words zero at c + TxLat; async reset
//               likewise.
// Errors        None.
// Not here      What is sent and when (lr_tx_slots), the retry buffer (lr_retry_tx).
`include "lr_assert.svh"
module lr_tx_path #(
    parameter int unsigned Lanes      = 16,   // 4, 8 or 16
    parameter bit          FastCoding = 1'b1  // 1: simulation bodies of CRC and scrambler
) (
    input  logic                            clk_i,
    input  logic                            rst_ni,
    input  logic                            light_i,
    input  logic                            marker_i,      // a marker is decided
    input  lr_rtl_pkg::marker_cmd_t         marker_cmd_i,  // with marker_i
    input  logic                            flit_i,        // a flit is decided
    input  logic                    [ 47:0] header_i,      // with flit_i
    input  lr_rtl_pkg::src_e                source_i,      // with flit_i
    input  lr_rtl_pkg::init_t               init_i,        // one clock after flit_i
    input  logic                    [511:0] beat_i,        // DATA: from one clock after flit_i on
    output logic                    [511:0] word_o,
    output logic                            light_o
);
  localparam int unsigned LaneBits = 512 / Lanes;
  localparam int unsigned KeyLanes = (Lanes < 8) ? Lanes : 8;
  localparam int unsigned KeyBits = LaneBits * KeyLanes;
  localparam logic [1:0] LastMarkerWord = 2'(128 / LaneBits - 1);

  // Stage 1: payload and header meet; the CRC takes the beat.
  typedef struct packed {
    logic       light;
    logic       flit;
    logic       marker;
    logic [1:0] index;
  } stage_t;
  stage_t stage1_d, stage1_q, stage2_q;
  logic [47:0] header1_q;
  lr_rtl_pkg::src_e source1_q;
  lr_rtl_pkg::marker_cmd_t cmd1_q;
  logic [511:0] beat1;

  // Stage 2: the CRC is put in; striping, scrambling, markers.
  lr_rtl_pkg::marker_cmd_t cmd2_q;
  logic [511:0] beat2_q, striped, marker_word, word_d;
  logic [15:0] crc;
  logic [KeyBits-1:0] key;
  logic [Lanes-1:0][7:0] bip;

  always_comb begin
    stage1_d = '0;
    if (light_i) begin
      stage1_d.light = 1'b1;
      if (flit_i || marker_i) begin
        stage1_d.flit   = flit_i;
        stage1_d.marker = marker_i;
      end else begin
        stage1_d.flit   = stage1_q.flit && stage1_q.index != 2'd3;
        stage1_d.marker = stage1_q.marker && stage1_q.index != LastMarkerWord;
        stage1_d.index  = stage1_q.index + 2'd1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      stage1_q <= '0;
      stage2_q <= '0;
    end else begin
      stage1_q <= stage1_d;
      stage2_q <= stage1_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (flit_i) begin
      header1_q <= header_i;
      source1_q <= source_i;
    end
    if (marker_i) cmd1_q <= marker_cmd_i;
    if (stage1_q.marker) cmd2_q <= cmd1_q;
  end

  always_comb begin
    if (stage1_q.flit && source1_q == lr_rtl_pkg::SrcData) begin
      beat1 = beat_i;
    end else begin
      beat1 = '0;
      if (source1_q == lr_rtl_pkg::SrcInit && stage1_q.index == 2'd0) begin
        beat1[48+:$bits(lr_rtl_pkg::init_t)] = init_i;
      end
    end
    // CRC places count as zero until they are filled; the FEC bytes are zero.
    if (stage1_q.index == 2'd0) beat1[47:0] = header1_q;
    if (stage1_q.index[0]) beat1[511:496] = '0;
    if (stage1_q.index == 2'd3) beat1[495:448] = '0;
  end

  lr_crc16_beat #(
      .FastCoding(FastCoding)
  ) u_crc (
      .clk_i,
      .valid_i (stage1_q.flit),
      .second_i(stage1_q.index[0]),
      .ones_i  (stage1_q.index[1]),
      .beat_i  (beat1),
      .crc_o   (crc)
  );

  always_ff @(posedge clk_i) begin
    if (stage1_q.flit) beat2_q <= beat1;
  end

  lr_byte_transpose #(
      .Rows(64 / Lanes)
  ) u_stripe (
      .data_i(beat2_q),
      .data_o(striped)
  );

  lr_scrambler #(
      .LaneBits  (LaneBits),
      .KeyLanes  (KeyLanes),
      .FastCoding(FastCoding)
  ) u_scrambler (
      .clk_i,
      .restart_i(stage2_q.marker),
      .advance_i(stage2_q.flit),
      .key_o    (key)
  );

  lr_bip #(
      .Lanes(Lanes)
  ) u_bip (
      .clk_i,
      .clear_i(stage2_q.marker && stage2_q.index == LastMarkerWord),
      .add_i  (stage2_q.flit),
      .word_i (word_d),
      .fold_i (stage2_q.marker && cmd2_q.bip),
      .bip_o  (bip)
  );

  lr_marker_tx #(
      .Lanes(Lanes)
  ) u_marker (
      .enable_i(stage2_q.marker),
      .marker_i(cmd2_q),
      .index_i (stage2_q.index),
      .bip_i   (bip),
      .word_o  (marker_word)
  );

  always_comb begin
    if (!stage2_q.light) word_d = '0;
    else if (stage2_q.marker) word_d = marker_word;
    else begin
      word_d = striped ^ {512 / KeyBits{key}};
      // Bytes 62 and 63 of a beat are the last ones that the last two lanes send of it.
      if (stage2_q.index[0]) begin
        word_d[504-LaneBits+:8] ^= crc[7:0];
        word_d[504+:8] ^= crc[15:8];
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      word_o  <= '0;
      light_o <= 1'b0;
    end else begin
      word_o  <= word_d;
      light_o <= stage2_q.light;
    end
  end

  `LR_STATIC(LatencyMatches, lr_link_pkg::TxLat == 3)
  `LR_ASSERT(LitMeansSlot, !stage2_q.light || stage2_q.marker || stage2_q.flit)
  `LR_ASSUME(OneDecision, !(marker_i && flit_i))
  `LR_ASSUME(FlitNotCut,
             !((marker_i || flit_i) && light_i && stage1_q.flit && stage1_q.index != 2'd3))
  `LR_ASSUME(
      MarkerNotCut,
      !((marker_i || flit_i) && light_i && stage1_q.marker && stage1_q.index != LastMarkerWord))
endmodule
