// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_order.sv
// Number expected next, and the request for a replay while it does not come.
//
// Latency       A verdict at v is in the header of a decision at v + 1.
// Throughput    One verdict each 4 clocks.
// Backpressure  None.
// Reset         Async; clear_i and fresh_i expect number 0 again.
// Errors        A request without effect is repeated each timeout_i.
// Not here      The header (lr_tx_slots).
module lr_rx_order (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        clear_i,      // RESET begins with the next clock
    input  logic        stop_i,       // first clock after ACTIVE, in which no header is made
    input  logic        fresh_i,
    input  logic        entry_i,      // ACTIVE begins with this verdict
    input  logic        accept_i,
    input  logic        ask_i,
    input  logic        arrive_i,
    input  logic        sent_i,       // a header is decided at this clock
    input  logic [31:0] now_i,
    input  logic [33:0] timeout_i,    // clocks
    output logic [ 9:0] expected_o,
    output logic        requested_o,
    output logic        nak_due_o,
    output logic        timer_o       // the request is repeated
);
  logic [9:0] expected_d, expected_q;
  logic requested_d, requested_q, due_d, due_q;
  logic [31:0] timer_d, timer_q, since;

  always_comb begin
    expected_d = expected_q;
    requested_d = requested_q;
    due_d = due_q;
    timer_d = timer_q;
    timer_o = 1'b0;
    if (sent_i && due_q) begin
      due_d   = 1'b0;
      timer_d = now_i;
    end
    if (entry_i) begin
      requested_d = 1'b0;
      due_d = 1'b0;
    end
    if (accept_i) expected_d = expected_q + 10'd1;
    if (arrive_i) begin
      requested_d = 1'b0;
      due_d = 1'b0;
    end
    if (ask_i && !requested_d) begin
      requested_d = 1'b1;
      due_d = 1'b1;
    end
    since = '0;
    if (requested_d && !due_d && !stop_i) begin
      since = now_i - timer_d;
      if ({2'b00, since} == timeout_i) begin
        due_d   = 1'b1;
        timer_o = 1'b1;
      end
    end
    if (fresh_i) expected_d = '0;
    if (stop_i || clear_i) begin
      requested_d = 1'b0;
      due_d = 1'b0;
    end
    if (clear_i) expected_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      expected_q <= '0;
      requested_q <= 1'b0;
      due_q <= 1'b0;
      timer_q <= '0;
    end else begin
      expected_q <= expected_d;
      requested_q <= requested_d;
      due_q <= due_d;
      timer_q <= timer_d;
    end
  end

  assign expected_o  = expected_q;
  assign requested_o = requested_q;
  assign nak_due_o   = due_q;
endmodule
