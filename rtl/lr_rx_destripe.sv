// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_destripe.sv
// Undoes lr_tx_stripe: lanes in use become logical ones, their bytes a chunk, chunks a beat.
//
// Latency       Word that completes a beat to beat_o: 0 clocks.
// Throughput    One word of all lanes a clock, 1 << shift_i words a beat.
// Backpressure  None.
// Reset         None: the first chunk of a beat starts anew.
// Errors        None.
// Not here      Descrambling.
//
// Gearbox and lane switch are looked at only while plain_i is low.
module lr_rx_destripe #(
    parameter  int unsigned Lanes    = 16,              // 4, 8 or 16
    parameter  int unsigned Spares   = 0,               // 0, 1 or 2
    localparam int unsigned Phys     = Lanes + Spares,
    localparam int unsigned LaneBits = 512 / Lanes,
    localparam int unsigned Bits     = Phys * LaneBits
) (
    input  logic                  clk_i,
    input  logic                  flit_i,
    input  logic [      3:0]      index_i,  // word of the flit
    input  logic [ Bits-1:0]      word_i,
    input  logic [      1:0]      shift_i,  // 0 full, 1 half, 2 quarter width
    input  logic                  plain_i,  // full width, lane l carries logical lane l
    input  logic [Lanes-1:0][4:0] phys_i,   // lane that carries a logical one
    output logic                  valid_o,
    output logic [      1:0]      index_o,  // with valid_o
    output logic [    511:0]      beat_o    // with valid_o
);
  localparam int unsigned Rows = 64 / Lanes;  // bytes of a lane a word

  logic [511:0] logical, wide;

  always_comb begin
    logical = word_i[511:0];
    if (!plain_i) begin
      for (int unsigned i = 0; i < Lanes; i++) begin
        logical[i*LaneBits+:LaneBits] = word_i[32'(phys_i[i])*LaneBits+:LaneBits];
      end
    end
  end

  lr_byte_transpose #(
      .Rows(Lanes)
  ) u_destripe (
      .data_i(logical),
      .data_o(wide)
  );

  if (Lanes > 4) begin : gen_gear
    logic [511:0] part_q;  // chunks of the beat so far
    logic narrow;
    assign narrow = flit_i && shift_i != 2'd0;
    // The first W of each `Lanes` bytes count.
    always_comb begin
      logic [255:0] half;
      logic [127:0] quarter;
      beat_o = wide;
      half = '0;
      quarter = '0;
      if (narrow) begin
        beat_o = part_q;
        for (int unsigned r = 0; r < Rows; r++) begin
          half[r*Lanes*4+:Lanes*4] = wide[r*Lanes*8+:Lanes*4];
          quarter[r*Lanes*2+:Lanes*2] = wide[r*Lanes*8+:Lanes*2];
        end
        for (int unsigned c = 0; c < 4; c++) begin
          if (shift_i == 2'd1 && index_i[0] == 1'(c)) beat_o[(c%2)*256+:256] = half;
          if (shift_i == 2'd2 && index_i[1:0] == 2'(c)) beat_o[c*128+:128] = quarter;
        end
      end
    end
    always_ff @(posedge clk_i) begin
      if (narrow) part_q <= beat_o;
    end
    always_comb begin
      valid_o = flit_i;
      index_o = index_i[1:0];
      if (narrow) begin
        valid_o = (shift_i == 2'd1) ? index_i[0] : &index_i[1:0];
        index_o = 2'(index_i >> shift_i);
      end
    end
  end else begin : gen_no_gear
    assign valid_o = flit_i;
    assign index_o = index_i[1:0];
    assign beat_o  = wide;
    logic unused;
    assign unused = ^{clk_i, index_i, shift_i};
  end
endmodule
