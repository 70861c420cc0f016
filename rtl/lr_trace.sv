// SPDX-License-Identifier: Apache-2.0
// rtl/lr_trace.sv
// What happened in this clock, as one struct: the record by which RTL and model are compared.
//
// Latency       0 clocks; a change of locked_i is seen against the clock before.
// Throughput    Every event of every clock.
// Backpressure  None.
// Reset         Async, for the locks of the clock before.
// Errors        None.
// Not here      Events themselves. What hangs on the transaction side comes last: all else is a
//               function of registers.
module lr_trace #(
    parameter int unsigned Lanes = 16  // 4, 8 or 16
) (
    input logic clk_i,
    input logic rst_ni,
    input logic verdict_i,
    input logic [3:0] code_i,  // with verdict_i
    input logic [47:0] verdict_header_i,
    input logic [2:0] verdict_fec_i,
    input logic believed_i,
    input logic [7:0] flags_i,  // with believed_i
    input logic [15:0] count_i,
    input logic marker_i,
    input logic [7:0] marker_flags_i,  // with marker_i
    input logic [15:0] marker_count_i,
    input logic flit_i,
    input lr_link_pkg::header_t base_i,  // the header if a new flit were a NOP; 0 without flit_i
    input logic [2:0] ctrl_code_i,  // 0 where no CTRL is sent
    input logic new_i,
    input lr_link_pkg::header_t header_i,  // with new_i
    input logic [1:0] deliver_i,
    input logic replay_i,
    input logic first_i,
    input logic [3:0] state_i,  // with first_i
    input logic [3:0] cause_i,
    input logic [Lanes-1:0] locked_i,
    output lr_link_pkg::trace_t trace_o
);
  logic [Lanes-1:0] locked_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) locked_q <= '0;
    else locked_q <= locked_i;
  end

  logic lock_changed;
  lr_link_pkg::trace_t trace;
  assign lock_changed = locked_i != locked_q;
  always_comb begin
    trace = '0;
    if (verdict_i || believed_i || marker_i || flit_i || replay_i || first_i || lock_changed) begin
      trace.replay = replay_i;
      trace.ftx_valid = flit_i;
      trace.ftx_header = base_i;
      if (verdict_i) begin
        trace.verdict_valid = 1'b1;
        trace.verdict = code_i;
        trace.verdict_header = verdict_header_i;
        trace.verdict_fec = verdict_fec_i;
      end
      if (believed_i) begin
        trace.mrx_valid = 1'b1;
        trace.mrx_flags = flags_i;
        trace.mrx_count = count_i;
      end
      if (marker_i) begin
        trace.mtx_valid = 1'b1;
        trace.mtx_flags = marker_flags_i;
        trace.mtx_count = marker_count_i;
      end
      if (first_i) begin
        trace.state_valid = 1'b1;
        trace.state = state_i;
        trace.cause = cause_i;
      end
      if (lock_changed) begin
        trace.lock_valid = 1'b1;
        trace.locked = 18'(locked_i);
      end
    end
  end
  always_comb begin
    trace_o = trace;
    if (ctrl_code_i != '0) trace_o.ftx_ctrl = ctrl_code_i;
    if (new_i || deliver_i != '0) begin
      trace_o.deliver = deliver_i;
      trace_o.accept  = new_i;
      if (new_i) trace_o.ftx_header = header_i;
    end
  end
endmodule
