// SPDX-License-Identifier: Apache-2.0
// rtl/lr_assert.svh
// Checks beside the logic: LR_STATIC (parameters), LR_ASSUME (caller's duty), LR_ASSERT (own
// promise). All are live in simulation and absent in synthesis. They look at the clock edge, out of
// reset, and name the fact that holds; each needs clk_i and rst_ni in scope.
`ifndef LR_ASSERT_SVH
`define LR_ASSERT_SVH

`define LR_STATIC(Name, Fact) \
  if (!(Fact)) begin : gen_``Name \
    $fatal(1, `"Name`"); \
  end

`ifdef SYNTHESIS
`define LR_ASSERT(Name, Fact)
`define LR_ASSUME(Name, Fact)
`else
`define LR_ASSERT(Name, Fact) \
  always_ff @(posedge clk_i) begin : Name \
    if (rst_ni) assert (Fact) else $error(`"Name`"); \
  end
`define LR_ASSUME(Name, Fact) `LR_ASSERT(Name, Fact)
`endif

`endif
