// SPDX-License-Identifier: Apache-2.0
// rtl/lr_retry_tx.sv
// Retry buffer and its pointers: keeps what was sent until it is acknowledged, and repeats it on
// request or when nothing is acknowledged for too long.
//
// Latency       A verdict at v moves pointers seen by a decision at v + 1. Decision to beat_o: 1
//               clock.
// Throughput    One flit each 4 clocks, new or repeated.
// Backpressure  window_open_o falls while the window is full.
// Reset         Async; clear_i and fresh_i drop everything, the buffer itself is not reset.
// Errors        An acknowledgement outside the window moves nothing: ack_invalid_o. Too many
//               replays without progress: limit_o instead of one more.
// Not here      Credits (lr_credit_tx), retrain limits (lr_train_fsm).
`include "lr_assert.svh"
module lr_retry_tx #(
    parameter int unsigned ReplayDepth = 511  // flits kept, 1 to 511
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i,  // RESET begins with the next clock
    input logic lock_first_i,  // first clock of LOCK, in which nothing is decided but a marker
    input logic active_i,  // state ACTIVE
    input logic [31:0] now_i,  // low bits of the clock counter
    input logic [9:0] window_i,
    input logic [7:0] replay_limit_i,
    input logic [33:0] round_trip_i,  // clocks
    input logic [33:0] timeout_i,  // clocks
    // Verdict
    input logic fresh_i,  // fresh start, before an ack of the same verdict
    input logic entry_i,  // ACTIVE begins
    input logic ack_valid_i,  // ack_i counts
    input logic [9:0] ack_i,
    input logic nak_i,  // with ack_valid_i
    output logic ack_invalid_o,
    output logic freed_o,
    // Decisions
    input logic new_i,  // DATA from channel new_vc_i is sent
    input logic new_vc_i,
    input logic [3:0] new_slots_i,
    input logic new_poison_i,
    input logic repeat_i,  // the flit at pointer_o is repeated
    output logic replay_o,  // a replay is pending or under way
    output logic [9:0] pointer_o,
    output logic replay_vc_o,
    output logic [3:0] replay_slots_o,
    output logic replay_poison_o,
    output logic [9:0] next_o,
    output logic window_open_o,
    output logic unacked_o,  // something is unacknowledged after this clock
    output logic waiting_o,  // ... before it
    // Payload
    input logic [1:0][511:0] tx_beat_i,
    output logic [511:0] beat_o,  // unknown where no DATA is sent
    // Events
    output logic started_o,  // a counted replay starts
    output logic timer_o,  // ... by the timer
    output logic limit_o,  // a replay beyond the limit
    output logic lost_o,  // flits are dropped ...
    output logic [9:0] lost_count_o  // ... that many
);
  import lr_rtl_pkg::*;
  localparam int unsigned IndexBits = $clog2(ReplayDepth);
  localparam int unsigned Rows = 1 << IndexBits;  // number modulo Rows is the place
  localparam logic [9:0] Depth = 10'(ReplayDepth);

  // The replay, and what the last one began with.
  typedef struct packed {
    logic       active;      // pending or under way
    logic       unsent;      // its first flit is not sent
    logic       entry;       // it is the one that ACTIVE begins with
    seq_t       pointer;     // flit that it sends next
    logic       last_valid;  // a replay to compare a nak with is known
    logic       last_sent;   // its first flit is sent
    seq_t       last;        // its number
    logic [7:0] tries;       // replays with nothing freed
  } replay_t;

  seq_t oldest_d, oldest_q, next_q;
  replay_t replay_d, replay_q;
  logic [31:0] last_first_d, last_first_q;  // decision of the last replay's first flit
  logic [31:0] timer_q;  // start of the replay timer
  seq_t unacked, behind, window;

  assign unacked = next_q - oldest_q;
  assign behind  = ack_i - (oldest_q - 10'd1);
  always_comb begin
    window = (window_i < Depth) ? window_i : Depth;
    window_open_o = unacked < window;
  end

  // Between verdicts and decisions only the timer moves anything.
  logic work, timer_hit;
  logic [31:0] since_timer;
  assign since_timer = now_i - timer_q;
  assign timer_hit = active_i && unacked != '0 && {2'b00, since_timer} == timeout_i;
  assign work = ack_valid_i || fresh_i || entry_i || repeat_i || lock_first_i || clear_i ||
      timer_hit;

  seq_t oldest, next;  // after this clock's verdict
  logic [31:0] timer;
  logic left, nak, restart, expired, start;

  always_comb begin
    replay_t r;
    logic [31:0] since_first;
    oldest = oldest_q;
    next = next_q;
    left = unacked != '0;
    timer = timer_q;
    oldest_d = oldest_q;
    replay_d = replay_q;
    last_first_d = last_first_q;
    ack_invalid_o = 1'b0;
    freed_o = 1'b0;
    started_o = 1'b0;
    timer_o = 1'b0;
    limit_o = 1'b0;
    nak = 1'b0;
    restart = 1'b0;
    expired = 1'b0;
    start = 1'b0;
    r = '0;
    since_first = '0;
    if (work) begin
      r = replay_q;
      since_first = now_i - last_first_q;
      if (fresh_i) begin
        oldest = '0;
        next = '0;
        r.last_valid = 1'b0;
      end
      if (ack_valid_i) begin
        if (fresh_i) begin
          // Nothing is unacknowledged any more: only the number before the first one stands.
          ack_invalid_o = ack_i != '1;
        end else if (behind > unacked) begin
          ack_invalid_o = 1'b1;
        end else begin
          oldest = oldest_q + behind;
          freed_o = behind != '0;
          nak = nak_i;
        end
      end
      left = next != oldest;

      if (freed_o || entry_i) begin
        restart = 1'b1;
        r.tries = '0;
      end
      if (entry_i) begin
        r.active  = left;
        r.unsent  = left;
        r.entry   = left;
        r.pointer = oldest;
      end
      nak = nak && left && !(r.last_valid && r.last == oldest &&
                             (!r.last_sent || {2'b00, since_first} < round_trip_i));

      // The decision of this clock saw the registers, so it comes on top of a replay that goes on.
      if (repeat_i) begin
        r.pointer = replay_q.pointer + 10'd1;
        if (replay_q.unsent) begin
          restart = 1'b1;
          last_first_d = now_i;
          if (replay_q.entry) begin
            r.last_valid = 1'b1;
            r.last = replay_q.pointer;
          end
          r.last_sent = 1'b1;
          r.unsent = 1'b0;
          r.entry = 1'b0;
        end
      end
      if (r.active) begin
        if (seq_diff(r.pointer, oldest) < 0) r.pointer = oldest;
        if (r.pointer == next) begin
          // Never sent: a later nak for the same number must not wait for it.
          if (r.unsent) r.last_valid = 1'b0;
          r.active = 1'b0;
          r.unsent = 1'b0;
          r.entry  = 1'b0;
        end
      end

      expired = timer_hit && left && !restart && !(r.active && r.unsent) && !nak;
      start = (nak || expired) && r.tries != replay_limit_i;
      limit_o = (nak || expired) && r.tries == replay_limit_i;
      started_o = start;
      timer_o = start && expired;
      if (start) begin
        r.active = 1'b1;
        r.unsent = 1'b1;
        r.entry = 1'b0;
        r.pointer = oldest;
        r.last_valid = 1'b1;
        r.last_sent = 1'b0;
        r.last = oldest;
        r.tries = r.tries + 8'd1;
      end

      if (restart) timer = now_i;
      if (lock_first_i) begin
        r.active = 1'b0;
        r.unsent = 1'b0;
        r.entry  = 1'b0;
      end
      replay_d = clear_i ? '0 : r;
      oldest_d = clear_i ? '0 : oldest;
    end
  end

  // New DATA, which is never sent in a replay, adds to this.
  assign unacked_o = left || new_i;
  assign lost_o = clear_i || fresh_i;
  always_comb begin
    lost_count_o = '0;
    if (lost_o) lost_count_o = clear_i ? next - oldest + {9'h0, new_i} : unacked;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      oldest_q <= '0;
      next_q <= '0;
      replay_q <= '0;
      last_first_q <= '0;
      timer_q <= '0;
    end else begin
      if (work) begin
        oldest_q <= oldest_d;
        replay_q <= replay_d;
        last_first_q <= last_first_d;
      end
      if (work || new_i) begin
        next_q  <= clear_i ? '0 : next + {9'h0, new_i};
        timer_q <= (new_i && !left) ? now_i : timer;
      end
    end
  end

  assign replay_o = replay_q.active;
  assign pointer_o = replay_q.pointer;
  assign next_o = next_q;
  assign waiting_o = unacked != '0;

  // What does not change from transmission to transmission; read one clock ahead, for the next
  // pointer.
  lr_ram #(
      .Width(6),
      .Depth(Rows)
  ) u_meta (
      .clk_i,
      .wen_i  (new_i),
      .waddr_i(next_q[IndexBits-1:0]),
      .wdata_i({new_vc_i, new_slots_i, new_poison_i}),
      .ren_i  (work),
      .raddr_i(replay_d.pointer[IndexBits-1:0]),
      .rdata_o({replay_vc_o, replay_slots_o, replay_poison_o})
  );

  // Beats: new ones pass through beat_q on their way to the path and into the buffer.
  logic [1:0] index_q;
  logic taking_q, repeating_q, vc_q;
  logic [IndexBits-1:0] row_q;
  logic take, take_vc, read;
  assign take = new_i || taking_q;
  assign take_vc = new_i ? new_vc_i : vc_q;
  assign read = repeat_i || repeating_q;
  logic write_q;
  logic [1:0] write_index_q;
  logic [IndexBits-1:0] write_row_q;
  logic [511:0] beat_q, stored;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      index_q <= '0;
      taking_q <= 1'b0;
      repeating_q <= 1'b0;
      row_q <= '0;
      vc_q <= 1'b0;
      write_q <= 1'b0;
      write_index_q <= '0;
      write_row_q <= '0;
    end else begin
      write_q <= take;
      if (new_i || repeat_i) begin
        index_q <= 2'd1;
        taking_q <= new_i;
        repeating_q <= repeat_i;
        row_q <= new_i ? next_q[IndexBits-1:0] : replay_q.pointer[IndexBits-1:0];
        vc_q <= new_vc_i;
        write_index_q <= 2'd0;
        write_row_q <= next_q[IndexBits-1:0];
      end else if (taking_q || repeating_q) begin
        index_q <= index_q + 2'd1;
        if (index_q == 2'd3) begin
          taking_q <= 1'b0;
          repeating_q <= 1'b0;
        end
        write_index_q <= index_q;
        write_row_q   <= row_q;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (take && !take_vc) beat_q <= tx_beat_i[0];
    else if (take) beat_q <= tx_beat_i[1];
  end

  lr_ram #(
      .Width(512),
      .Depth(4 * Rows)
  ) u_buffer (
      .clk_i,
      .wen_i  (write_q),
      .waddr_i({write_row_q, write_index_q}),
      .wdata_i(beat_q),
      .ren_i  (read),
      .raddr_i({repeat_i ? replay_q.pointer[IndexBits-1:0] : row_q, repeat_i ? 2'd0 : index_q}),
      .rdata_o(stored)
  );

  always_comb begin
    if (write_q) beat_o = beat_q;
    else beat_o = stored;
  end

  `LR_STATIC(DepthInRange, ReplayDepth >= 2 && ReplayDepth <= lr_link_pkg::MaxWindow)
  `LR_ASSERT(HeadTailInDepth, unacked <= Depth)
  `LR_ASSERT(PointerInWindow, !replay_q.active || (replay_q.pointer - oldest_q) < unacked)
  `LR_ASSUME(NoNewInReplay, !new_i || !replay_q.active)
  `LR_ASSUME(RepeatOnlyInReplay, !repeat_i || replay_q.active)
endmodule
