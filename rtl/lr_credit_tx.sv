// SPDX-License-Identifier: Apache-2.0
// rtl/lr_credit_tx.sv
// Credits of both virtual channels on the sending side, and the choice between the channels.
//
// Latency       0 clocks to new_o; a credit taken in at v serves a decision at v + 1.
// Throughput    One flit a slot.
// Backpressure  A channel without credit waits; the other one goes on.
// Reset         Async; clear_i and fresh_i begin with no credit.
// Errors        A limit that would go backwards is ignored: invalid_o.
// Not here      Window (lr_retry_tx), granting (lr_rx_buffer).
`include "lr_assert.svh"
module lr_credit_tx (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            clear_i,         // RESET begins with the next clock
    input  logic            fresh_i,         // fresh start: the next limits are taken as they are
    // Limits received
    input  logic            set_i,           // one channel, from a header
    input  logic            set_vc_i,
    input  logic [9:0]      set_crd_i,
    input  logic            both_i,          // both channels, from a CTRL, after the header
    input  logic [1:0][9:0] both_crd_i,
    output logic [2:0]      invalid_o,       // of the header, of either channel
    // Flits waiting
    input  logic [1:0]      valid_i,
    input  logic            window_open_i,
    input  logic            offer_i,         // this slot takes new DATA
    output logic            new_o,           // a channel may send, whether offered or not
    output logic            new_vc_o,
    output logic            credit_stall_o,
    output logic            window_stall_o
);
  import lr_rtl_pkg::*;

  logic [1:0][9:0] consumed_q;
  logic [1:0][9:0] limit_d, limit_q;
  logic fresh_d, fresh_q;
  logic turn_q;  // channel that is asked first
  logic [1:0] credit, able;

  assign credit[0] = seq_diff(limit_q[0], consumed_q[0]) > 0;
  assign credit[1] = seq_diff(limit_q[1], consumed_q[1]) > 0;
  assign able = valid_i & credit & {2{window_open_i}};
  assign new_o = |able;
  assign new_vc_o = able[turn_q] ? turn_q : !turn_q;
  assign credit_stall_o = offer_i && window_open_i && |(valid_i & ~credit);
  assign window_stall_o = offer_i && !window_open_i && |(valid_i & credit);

  // Limits follow verdicts alone.
  always_comb begin
    limit_d   = limit_q;
    fresh_d   = fresh_q;
    invalid_o = '0;
    if (fresh_i) begin
      limit_d = '0;
      fresh_d = 1'b1;
    end
    if (set_i) begin
      if (seq_diff(set_crd_i, limit_q[set_vc_i]) >= 0) limit_d[set_vc_i] = set_crd_i;
      else invalid_o[2] = 1'b1;
    end
    if (both_i) begin
      for (int unsigned v = 0; v < 2; v++) begin
        if (fresh_d || seq_diff(both_crd_i[v], limit_d[v]) >= 0) limit_d[v] = both_crd_i[v];
        else invalid_o[v] = 1'b1;
      end
      fresh_d = 1'b0;
    end
    if (clear_i) begin
      limit_d = '0;
      fresh_d = 1'b1;
    end
  end

  logic take;
  assign take = offer_i && new_o;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      consumed_q <= '0;
      limit_q <= '0;
      fresh_q <= 1'b1;
      turn_q <= 1'b0;
    end else begin
      if (take) begin
        if (new_vc_o) consumed_q[1] <= consumed_q[1] + 10'd1;
        else consumed_q[0] <= consumed_q[0] + 10'd1;
        turn_q <= !new_vc_o;
      end
      if (fresh_i || clear_i) consumed_q <= '0;
      if (clear_i) turn_q <= 1'b0;
      if (set_i || both_i || fresh_i || clear_i) begin
        limit_q <= limit_d;
        fresh_q <= fresh_d;
      end
    end
  end

  `LR_ASSERT(NoFlitWithoutCredit, !(offer_i && new_o) || credit[new_vc_o])
  `LR_ASSERT(NoFlitWithoutValid, !(offer_i && new_o) || valid_i[new_vc_o])
endmodule
