// SPDX-License-Identifier: Apache-2.0
// rtl/lr_clock_gate.sv
// Integrated clock gate: lets whole clock pulses through while enabled. A library cell takes its
// place in silicon.
//
// Latency       enable_i during the low phase before an edge decides that edge.
// Throughput    One edge a clock.
// Backpressure  None.
// Reset         None: whoever needs clocks in reset enables them.
// Errors        None.
// Not here      When a block may sleep (lr_csr).
module lr_clock_gate (
    input  logic clk_i,
    input  logic enable_i,
    output logic clk_o
);
  logic open_q;
  always_latch begin
    if (!clk_i) open_q = enable_i;
  end
  assign clk_o = clk_i && open_q;
endmodule
