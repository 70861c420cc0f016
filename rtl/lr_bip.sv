// SPDX-License-Identifier: Apache-2.0
// rtl/lr_bip.sv
// BIP-8 of each lane's scrambled bits: whole words are summed, the fold to 8 bits is made on
// demand.
//
// Latency       word_i with add_i to bip_o: 1 clock.
// Throughput    One word of all lanes a clock.
// Backpressure  add_i low holds the sum.
// Reset         None: clear_i starts anew.
// Errors        None.
// Not here      Which intervals count (lr_tx_slots, lr_rx_framer).
module lr_bip #(
    parameter  int unsigned Lanes    = 16,               // physical
    parameter  int unsigned LaneBits = 32,
    localparam int unsigned Bits     = Lanes * LaneBits
) (
    input  logic                  clk_i,
    input  logic                  clear_i,  // wins over add_i
    input  logic                  add_i,
    input  logic [ Bits-1:0]      word_i,
    input  logic                  fold_i,   // bip_o is looked at
    output logic [Lanes-1:0][7:0] bip_o     // zero while fold_i is low
);
  logic [Bits-1:0] sum_d, sum_q;

  always_comb begin
    if (clear_i) sum_d = '0;
    else sum_d = sum_q ^ word_i;
  end
  always_ff @(posedge clk_i) begin
    if (clear_i || add_i) sum_q <= sum_d;
  end

  always_comb begin
    logic [7:0] fold;
    bip_o = '0;
    fold  = '0;
    if (fold_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        fold = '0;
        for (int unsigned b = 0; b < LaneBits; b += 8) fold = fold ^ sum_q[l*LaneBits+b+:8];
        bip_o[l] = fold;
      end
    end
  end
endmodule
