// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_path.sv
// Transmit coding path: header and payload beats get their CRCs and the check bytes of the light
// FEC, are striped over the lanes in use and scrambled; markers go between.
//
// Latency       Decision (marker_i or flit_i) at D: first lane word at D + TxLat, with light FEC
//               FecTxLat later. beat_i is looked at in the four clocks from D + 1 on.
// Throughput    One word of all lanes a clock. After a flit the next decision comes 4 << shift_i
//               clocks later, after a marker M.
// Backpressure  None: who decides keeps the distance.
// Reset         light_i = 0 at clock c makes light and words zero at c + TxLat; async reset
//               likewise.
// Errors        None.
// Not here      What is sent and when (lr_tx_slots), the retry buffer (lr_retry_tx).
`include "lr_assert.svh"
module lr_tx_path #(
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
    input logic light_i,
    input logic cut_i,  // zero words until a decision
    input logic marker_i,  // a marker is decided
    input lr_rtl_pkg::marker_cmd_t marker_cmd_i,  // with marker_i
    input logic flit_i,  // a flit is decided
    input logic [47:0] header_i,  // with flit_i
    input lr_rtl_pkg::src_e source_i,  // with flit_i
    input lr_rtl_pkg::init_t init_i,  // one clock after flit_i
    input logic [511:0] beat_i,  // DATA: from one clock after flit_i on
    // Lane map; it stays while a flit or a marker with `mapped` is on its way
    input logic [1:0] shift_i,
    input logic plain_i,
    input logic [Phys-1:0][7:0] logical_i,
    // Error to inject
    input logic hit_i,  // a bit of the next words is wrong
    input logic [$clog2(Bits)-1:0] hit_place_i,  // with hit_i
    output logic lit_o,  // the next words are not dark
    output logic [Bits-1:0] word_o,
    output logic light_o
);
  localparam int unsigned KeyLanes = (Phys < 8) ? Phys : 8;
  localparam int unsigned KeyBits = LaneBits * KeyLanes;
  localparam int unsigned KeyCopies = (Phys + KeyLanes - 1) / KeyLanes;
  localparam logic [3:0] LastMarkerWord = 4'(128 / LaneBits - 1);

  // Stage 1: payload and header meet; the CRC takes the beat.
  typedef struct packed {
    logic       light;
    logic       flit;
    logic       marker;
    logic [3:0] index;   // word of the slot
  } stage_t;
  stage_t stage1_d, stage1_q, stage2_q;
  logic [47:0] header1_q;
  lr_rtl_pkg::src_e source1_q;
  lr_rtl_pkg::marker_cmd_t cmd1_q;
  logic [511:0] beat1;
  logic beat1_valid;
  logic [3:0] last_word;

  // Stage 2: the CRC is put in.
  lr_rtl_pkg::marker_cmd_t cmd2_q;
  logic [511:0] beat2_q;
  logic [15:0] crc, crc2;

  // Last stage, the second or with light FEC the third: striping, scrambling, markers.
  stage_t stage;
  lr_rtl_pkg::marker_cmd_t cmd;
  logic [511:0] coded;
  logic [63:0] tail;  // bits of `coded` that are zero there: FEC check bytes, CRC
  logic [511:0] striped;  // logical lanes
  logic [Bits-1:0] marker_word, word_d;
  logic [KeyBits-1:0] key;
  logic [Phys-1:0][7:0] bip;

  assign last_word   = (4'd4 << shift_i) - 4'd1;
  assign beat1_valid = stage1_q.flit && stage1_q.index[3:2] == 2'd0;

  always_comb begin
    stage1_d = '0;
    if (light_i) begin
      stage1_d.light = 1'b1;
      if (flit_i || marker_i) begin
        stage1_d.flit   = flit_i;
        stage1_d.marker = marker_i;
      end else if (!cut_i) begin
        stage1_d.flit   = stage1_q.flit && stage1_q.index != last_word;
        stage1_d.marker = stage1_q.marker && stage1_q.index != LastMarkerWord;
        stage1_d.index  = stage1_q.index + 4'd1;
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
    if (beat1_valid && source1_q == lr_rtl_pkg::SrcData) begin
      beat1 = beat_i;
    end else begin
      beat1 = '0;
      if (source1_q == lr_rtl_pkg::SrcInit && stage1_q.index == 4'd0) begin
        beat1[48+:$bits(lr_rtl_pkg::init_t)] = init_i;
      end
    end
    // CRC places count as zero until they are filled; the FEC bytes are zero.
    if (stage1_q.index == 4'd0) beat1[47:0] = header1_q;
    if (stage1_q.index[0]) beat1[511:496] = '0;
    if (stage1_q.index == 4'd3) beat1[495:448] = '0;
  end

  lr_crc16_beat #(
      .FastCoding(FastCoding)
  ) u_crc (
      .clk_i,
      .valid_i (beat1_valid),
      .second_i(stage1_q.index[0]),
      .ones_i  (stage1_q.index[1]),
      .beat_i  (beat1),
      .crc_o   (crc)
  );

  always_ff @(posedge clk_i) begin
    if (beat1_valid) beat2_q <= beat1;
  end

  assign crc2 = stage2_q.index[0] ? crc : 16'h0;

  if (LightFec) begin : gen_fec
    stage_t stage3_q;
    lr_rtl_pkg::marker_cmd_t cmd3_q;
    logic [511:0] beat3_q, crc_coded;
    logic [47:0] check;
    logic beat2_valid;
    assign crc_coded   = {crc2 | beat2_q[511:496], beat2_q[495:0]};
    assign beat2_valid = stage2_q.flit && stage2_q.index[3:2] == 2'd0;
    lr_fec_enc u_fec (
        .clk_i,
        .valid_i(beat2_valid),
        .index_i(stage2_q.index[1:0]),
        .beat_i (crc_coded),
        .check_o(check)
    );
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) stage3_q <= '0;
      else stage3_q <= stage2_q;
    end
    always_ff @(posedge clk_i) begin
      if (beat2_valid) beat3_q <= crc_coded;
      if (stage2_q.marker) cmd3_q <= cmd2_q;
    end
    assign stage = stage3_q;
    assign cmd   = cmd3_q;
    assign coded = beat3_q;
    assign tail  = {16'h0, (stage3_q.index == 4'd3) ? check : 48'h0};
  end else begin : gen_no_fec
    assign stage = stage2_q;
    assign cmd   = cmd2_q;
    assign coded = beat2_q;
    assign tail  = {crc2, 48'h0};
  end

  lr_tx_stripe #(
      .Lanes(Lanes)
  ) u_stripe (
      .clk_i,
      .flit_i (stage.flit),
      .index_i(stage.index),
      .beat_i (coded),
      .tail_i (tail),
      .shift_i,
      .word_o (striped)
  );

  lr_scrambler #(
      .LaneBits  (LaneBits),
      .KeyLanes  (KeyLanes),
      .FastCoding(FastCoding)
  ) u_scrambler (
      .clk_i,
      .restart_i(stage.marker),
      .advance_i(stage.flit),
      .key_o    (key)
  );

  lr_bip #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
  ) u_bip (
      .clk_i,
      .clear_i(stage.marker && stage.index == LastMarkerWord),
      .add_i  (stage.flit),
      .word_i (word_d),
      .fold_i (stage.marker && cmd.bip),
      .bip_o  (bip)
  );

  lr_marker_tx #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
  ) u_marker (
      .enable_i(stage.marker),
      .marker_i(cmd),
      .index_i (stage.index[1:0]),
      .bip_i   (bip),
      .logical_i,
      .word_o  (marker_word)
  );

  always_comb begin
    if (stage.flit && plain_i) begin
      word_d = Bits'(striped) ^ Bits'({KeyCopies{key}});
    end else if (stage.flit) begin
      word_d = Bits'({KeyCopies{key}});
      for (int unsigned p = 0; p < Phys; p++) begin
        if (logical_i[p] < 8'(Lanes)) begin
          word_d[p*LaneBits+:LaneBits] ^= striped[32'(logical_i[p])*LaneBits+:LaneBits];
        end
      end
    end else if (stage.marker) begin
      word_d = marker_word;
    end else begin
      word_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      word_o  <= '0;
      light_o <= 1'b0;
    end else begin
      word_o  <= word_d;
      light_o <= stage.light;
      if (hit_i) word_o[hit_place_i] <= !word_d[hit_place_i];
    end
  end
  assign lit_o = stage.light;

  `LR_STATIC(LatencyMatches, lr_link_pkg::TxLat == 3 && lr_link_pkg::FecTxLat == 1)
  `LR_ASSERT(DarkMeansNoSlot, stage.light || !(stage.marker || stage.flit))
  `LR_ASSUME(OneDecision, !(marker_i && flit_i))
  `LR_ASSUME(FlitNotCut,
             !((marker_i || flit_i) && light_i && stage1_q.flit && stage1_q.index != last_word))
  `LR_ASSUME(
      MarkerNotCut,
      !((marker_i || flit_i) && light_i && stage1_q.marker && stage1_q.index != LastMarkerWord))
endmodule
