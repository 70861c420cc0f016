// SPDX-License-Identifier: Apache-2.0
// rtl/lr_fec_enc.sv
// Light FEC, encoder: the six check bytes that make all syndromes of a flit zero.
//
// Latency       Beat 3 to check_o: 1 clock; it holds until the next beat.
// Throughput    One beat a clock.
// Backpressure  valid_i low holds everything.
// Reset         None: beat 0 starts anew.
// Errors        None.
// Not here      CRC (before) and insertion (lr_tx_path).
module lr_fec_enc (
    input  logic         clk_i,
    input  logic         valid_i,
    input  logic [  1:0] index_i,
    input  logic [511:0] beat_i,   // both CRCs in place, check bytes zero
    output logic [ 47:0] check_o   // bytes 248 to 253
);
  import lr_fec_pkg::*;
  localparam logic [7:0] Third = inverse_of_three();

  groups_t sum, weighted, first, second;
  lr_fec_syndrome u_syndrome (
      .clk_i,
      .valid_i,
      .index_i,
      .beat_i,
      .sum_o     (sum),
      .weighted_o(weighted)
  );

  // first + second = sum; a^e first + a^(e + 1) second = weighted.
  for (genvar g = 0; g < 3; g++) begin : gen_group
    localparam int unsigned Exponent = (g == 2) ? 82 : 83;  // of the first check byte
    localparam logic [7:0] Down = times(Power[255-Exponent], Third);
    assign second[g] = times(weighted[g], Down) ^ times(sum[g], Third);
    assign first[g]  = sum[g] ^ second[g];
  end

  assign check_o = {second[1], second[0], second[2], first[1], first[0], first[2]};
endmodule
