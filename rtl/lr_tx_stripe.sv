// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_stripe.sv
// Stripes beats over the lanes in use: byte j of a word's chunk goes to logical lane j mod W, and a
// logical lane to the physical one that carries it.
//
// Latency       beat_i to word_o: 0 clocks. Below full width the four beats of a flit come one a
//               clock with its first four words and are kept until their chunks go.
// Throughput    One word of all lanes a clock.
// Backpressure  None.
// Reset         None.
// Errors        None.
// Not here      Scrambling: lanes that carry nothing get zeros.
//
// Gearbox and lane switch are looked at only while plain_i is low.
module lr_tx_stripe #(
    parameter  int unsigned Lanes    = 16,              // 4, 8 or 16
    parameter  int unsigned Spares   = 0,               // 0, 1 or 2
    localparam int unsigned Phys     = Lanes + Spares,
    localparam int unsigned LaneBits = 512 / Lanes,
    localparam int unsigned Bits     = Phys * LaneBits
) (
    input  logic                 clk_i,
    input  logic                 flit_i,
    input  logic [     3:0]      index_i,    // word of the flit
    input  logic [   511:0]      beat_i,     // words 0 to 3: this beat
    input  logic [    63:0]      tail_i,     // its last bytes where beat_i is zero
    input  logic [     1:0]      shift_i,    // 0 full, 1 half, 2 quarter width
    input  logic                 plain_i,    // full width, lane l carries logical lane l
    input  logic [Phys-1:0][7:0] logical_i,
    output logic [Bits-1:0]      word_o
);
  localparam int unsigned Rows = 64 / Lanes;  // bytes of a lane a word

  logic [511:0] full, wide, logical;
  assign full = {beat_i[511:448] | tail_i, beat_i[447:0]};

  if (Lanes > 4) begin : gen_gear
    logic [511:0] keep[4];
    logic narrow;
    assign narrow = flit_i && shift_i != 2'd0;
    always_ff @(posedge clk_i) begin
      if (narrow && index_i[3:2] == 2'd0) keep[index_i[1:0]] <= full;
    end
    // A chunk's rows of W bytes are laid out as rows of `Lanes` bytes.
    always_comb begin
      logic [511:0] beat;
      logic [255:0] half;
      logic [127:0] quarter;
      wide = full;
      beat = '0;
      half = '0;
      quarter = '0;
      if (narrow) begin
        wide = '0;
        beat = (index_i == 4'd0) ? full : keep[2'(index_i>>shift_i)];
        half = ((shift_i[1] ? index_i[1] : index_i[0]) == 1'b0) ? beat[255:0] : beat[511:256];
        quarter = index_i[0] ? half[255:128] : half[127:0];
        for (int unsigned r = 0; r < Rows; r++) begin
          if (shift_i == 2'd1) wide[r*Lanes*8+:Lanes*4] = half[r*Lanes*4+:Lanes*4];
          else wide[r*Lanes*8+:Lanes*2] = quarter[r*Lanes*2+:Lanes*2];
        end
      end
    end
  end else begin : gen_no_gear
    assign wide = full;
    logic unused;
    assign unused = ^{clk_i, flit_i, index_i, shift_i};
  end

  lr_byte_transpose #(
      .Rows(Rows)
  ) u_stripe (
      .data_i(wide),
      .data_o(logical)
  );

  always_comb begin
    word_o = Bits'(logical);
    if (!plain_i) begin
      word_o = '0;
      for (int unsigned p = 0; p < Phys; p++) begin
        if (logical_i[p] < 8'(Lanes)) begin
          word_o[p*LaneBits+:LaneBits] = logical[32'(logical_i[p])*LaneBits+:LaneBits];
        end
      end
    end
  end
endmodule
