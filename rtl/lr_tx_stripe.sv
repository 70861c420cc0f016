// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_stripe.sv
// Stripes beats over the logical lanes in use: byte j of a word's chunk goes to logical lane j mod
// W.
//
// Latency       beat_i to word_o: 0 clocks. Below full width the four beats of a flit come one a
//               clock with its first four words and are kept until their chunks go.
// Throughput    One word of all lanes a clock.
// Backpressure  None.
// Reset         None.
// Errors        None.
// Not here      Lane map and scrambling (lr_tx_path); at reduced width the upper lanes are zero.
module lr_tx_stripe #(
    parameter int unsigned Lanes = 16  // 4, 8 or 16
) (
    input  logic         clk_i,
    input  logic         flit_i,
    input  logic [  3:0] index_i,  // word of the flit
    input  logic [511:0] beat_i,   // words 0 to 3: this beat
    input  logic [ 63:0] tail_i,   // its last bytes where beat_i is zero
    input  logic [  1:0] shift_i,  // 0 full, 1 half, 2 quarter width
    output logic [511:0] word_o    // logical lane l at bits [l * 512 / Lanes +: 512 / Lanes]
);
  localparam int unsigned Rows = 64 / Lanes;  // bytes of a lane a word

  logic [511:0] wide;

  if (Lanes > 4) begin : gen_gear
    logic [511:0] keep0_q, keep1_q, keep2_q, keep3_q;
    logic narrow;
    assign narrow = flit_i && shift_i != 2'd0;
    always_ff @(posedge clk_i) begin
      if (narrow) begin
        if (index_i == 4'd0) keep0_q <= {beat_i[511:448] | tail_i, beat_i[447:0]};
        if (index_i == 4'd1) keep1_q <= {beat_i[511:448] | tail_i, beat_i[447:0]};
        if (index_i == 4'd2) keep2_q <= {beat_i[511:448] | tail_i, beat_i[447:0]};
        if (index_i == 4'd3) keep3_q <= {beat_i[511:448] | tail_i, beat_i[447:0]};
      end
    end
    // A chunk's rows of W bytes are laid out as rows of `Lanes` bytes.
    always_comb begin
      wide = beat_i;
      wide[511:448] = beat_i[511:448] | tail_i;
      if (narrow) begin : kept
        logic [511:0] beat;
        logic [255:0] half;
        logic [127:0] quarter;
        unique case (2'(index_i >> shift_i))
          2'd0: beat = (index_i == 4'd0) ? wide : keep0_q;
          2'd1: beat = keep1_q;
          2'd2: beat = keep2_q;
          default: beat = keep3_q;
        endcase
        half = (shift_i[1] ? index_i[1] : index_i[0]) ? beat[511:256] : beat[255:0];
        quarter = index_i[0] ? half[255:128] : half[127:0];
        wide = '0;
        for (int unsigned r = 0; r < Rows; r++) begin
          if (shift_i == 2'd1) wide[r*Lanes*8+:Lanes*4] = half[r*Lanes*4+:Lanes*4];
          else wide[r*Lanes*8+:Lanes*2] = quarter[r*Lanes*2+:Lanes*2];
        end
      end
    end
  end else begin : gen_no_gear
    assign wide = {beat_i[511:448] | tail_i, beat_i[447:0]};
    logic unused;
    assign unused = ^{clk_i, flit_i, index_i, shift_i};
  end

  lr_byte_transpose #(
      .Rows(Rows)
  ) u_stripe (
      .data_i(wide),
      .data_o(word_o)
  );
endmodule
