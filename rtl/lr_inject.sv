// SPDX-License-Identifier: Apache-2.0
// rtl/lr_inject.sv
// Wrong bits on purpose: in the headers of the next flits, and in the next words of one lane.
//
// Latency       A register written so that it stands at n: headers decided at n on, lane words that
//               stand on the output at n + 1 on.
// Throughput    One header a decision, one word a clock.
// Backpressure  None.
// Reset         Async: nothing is armed.
// Errors        A lane or bit that is not there is hit in vain.
// Not here      The registers (lr_csr); header and words (lr_tx_slots, lr_tx_path).
module lr_inject #(
    parameter int unsigned Phys     = 16,  // physical lanes
    parameter int unsigned LaneBits = 32
) (
    input logic clk_i,
    input logic rst_ni,
    input lr_rtl_pkg::inject_t inject_i,
    // Headers
    output logic [2:0] kinds_o,  // CTRL, DATA, NOP flits are hit
    output logic [47:0] mask_o,  // with kinds_o
    input logic header_hit_i,  // a flit is hit in this clock
    // Lanes
    input logic lit_i,  // the next words on the output are not dark
    output logic lane_hit_o,
    output logic [$clog2(Phys * LaneBits)-1:0] place_o  // with lane_hit_o
);
  logic [7:0] flits, flits_d, flits_q;
  logic [15:0] words, words_d, words_q;

  assign flits   = inject_i.flits_written ? inject_i.flits : flits_q;
  assign flits_d = header_hit_i ? flits - 8'd1 : flits;
  assign kinds_o = (flits == '0) ? '0 : inject_i.kinds;
  assign mask_o  = inject_i.mask;

  assign words   = inject_i.words_written ? inject_i.words : words_q;
  assign words_d = (words != '0 && lit_i) ? words - 16'd1 : words;
  always_comb begin
    lane_hit_o = 1'b0;
    place_o = '0;
    if (words != '0) begin
      lane_hit_o = lit_i && 32'(inject_i.lane) < Phys && 32'(inject_i.position) < LaneBits;
      place_o = $bits(place_o)'(32'(inject_i.lane) * LaneBits + 32'(inject_i.position));
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      flits_q <= '0;
      words_q <= '0;
    end else begin
      flits_q <= flits_d;
      words_q <= words_d;
    end
  end
endmodule
