// SPDX-License-Identifier: Apache-2.0
// rtl/lr_lane_lock.sv
// Marker lock of every lane while the link trains: searches, slips the PMD, keeps the fields of the
// last marker, and says by majority what state the far end shows and which lanes it calls good.
//
// Latency       Hit at t: lane registers at t + 1, other_state_o and far_good_o at t + 2. slip_o is
//               high for one clock, 3 M clocks after the search began.
// Throughput    One word of each lane a clock.
// Backpressure  None.
// Reset         Async; dark states and lost light drop the lane, entering LOCK drops what was
//               learnt.
// Errors        Three markers due and missed in a row drop the lock.
// Not here      Alignment across lanes (lr_deskew), markers after it (lr_rx_framer).
module lr_lane_lock #(
    parameter int unsigned Lanes    = 16,  // physical
    parameter int unsigned LaneBits = 32
) (
    input logic clk_i,
    input logic rst_ni,
    // From lr_lane_fifo
    output logic search_o,
    input logic [Lanes-1:0] hit_i,
    input logic [Lanes-1:0][7:0] flags_i,
    input logic [Lanes-1:0][15:0] count_i,
    input logic [Lanes-1:0][7:0] good_i,
    // From the PMD and to it
    input logic [Lanes-1:0] signal_ok_i,
    output logic [Lanes-1:0] slip_o,
    // From and to training
    input logic lit_i,  // neither RESET nor LINK_DOWN
    input logic [3:0] state_i,
    input logic lock_first_i,  // first clock of LOCK
    input logic [Lanes-1:0] own_good_i,  // own bitmap
    input logic [Lanes-1:0] used_i,  // receive map
    input logic aligned_i,  // locks are kept and not looked at
    input logic lock_min_i,  // in LOCK, first lock_min clocks
    input logic watched_i,  // a marker that is due and missing counts
    input logic [1:0] phase_i,  // low bits of the clock counter
    input logic believed_i,  // a marker after alignment
    input logic [3:0] believed_state_i,
    input logic believed_ready_i,  // ... `aligned` shown in it
    output logic [Lanes-1:0] locked_o,
    output logic [Lanes-1:0] lane_hit_o,  // hit of a locked lane at this clock
    output logic other_known_o,  // believed_i of this clock included, likewise below
    output logic [3:0] other_state_o,
    output logic other_ready_o,  // the far end is aligned
    output logic far_good_valid_o,
    output logic [Lanes-1:0] far_good_o
);
  localparam int unsigned Words = 128 / LaneBits;  // M
  localparam logic [5:0] Due = 6'(Words);
  localparam logic [5:0] SlipAt = 6'(lr_link_pkg::SearchMarkers * Words);
  localparam logic [5:0] SettledAt = 6'(lr_link_pkg::SearchMarkers * Words + 1 +
                                        lr_link_pkg::SlipSettle);
  localparam logic [1:0] PhaseMask = 2'(Words - 1);

  // pos: clocks since the search began, over the slip and its settling; with run > 0 since the last
  // hit.
  typedef struct packed {
    logic        fresh;   // a hit since LOCK was entered and lock_min over
    logic [2:0]  run;
    logic [5:0]  pos;
    logic [1:0]  phase;
    logic [1:0]  missed;
    logic [7:0]  flags;
    logic [15:0] count;
    logic [7:0]  good;
  } lane_t;

  lane_t [Lanes-1:0] lane_q;
  logic [Lanes-1:0] locked, locked_q;
  logic [Lanes-1:0] settling_q;  // a slip is being waited for
  logic [Lanes-1:0] locks, slip_q;
  logic hunt;  // lanes without lock search
  logic work;

  assign search_o = lit_i && !aligned_i;
  assign hunt = state_i == lr_link_pkg::StDetect || state_i == lr_link_pkg::StLock ||
      state_i == lr_link_pkg::StMap;
  assign locked = locked_q;
  // Aligned lanes are kept as they are, but for lost light and the end of a slip.
  assign work = search_o || (lit_i && ((locked_q & ~signal_ok_i) != '0 || settling_q != '0));

  always_comb begin
    lane_hit_o = '0;
    locks = '0;
    if (search_o) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        locks[l] = hit_i[l] && hunt && !lock_first_i &&
            lane_q[l].run == 3'(lr_link_pkg::LockHits - 1) && lane_q[l].pos == Due && !locked[l];
      end
      lane_hit_o = ((hit_i & locked) | locks) & signal_ok_i;
    end
  end

  // Dark states clear the lanes. All of it moves in training alone, so next values are made where
  // they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    lane_t q, d;
    lane_t [Lanes-1:0] lanes;
    logic [Lanes-1:0] locks_left, slips, settling;
    if (!rst_ni) begin
      lane_q <= '0;
      locked_q <= '0;
      slip_q <= '0;
      settling_q <= '0;
    end else if (work) begin
      slips = '0;
      locks_left = (locked | locks) & signal_ok_i;
      for (int unsigned l = 0; l < Lanes; l++) begin
        q = lane_q[l];
        if (lock_first_i) begin
          q.fresh  = 1'b0;
          q.missed = '0;
        end
        if (!locked[l] && (lock_first_i || !hunt)) begin
          q.run = '0;
          if (q.pos <= SlipAt) q.pos = '0;
        end
        d = q;
        if (!signal_ok_i[l]) begin
          d.run = '0;
          d.pos = '0;
          d.missed = '0;
        end else if (locked[l]) begin
          if (hit_i[l]) begin
            d.missed = '0;
            if (lock_min_i) d.phase = phase_i & PhaseMask;
          end else if (((phase_i - q.phase) & PhaseMask) == 2'd0 && watched_i) begin
            if (q.missed == 2'(lr_link_pkg::LockMisses - 1)) begin
              locks_left[l] = 1'b0;
              d.run = '0;
              d.pos = '0;
              d.missed = '0;
            end else begin
              d.missed = q.missed + 2'd1;
            end
          end
        end else if (!hunt && q.pos == 6'd0) begin
          d.pos = '0;
        end else if (q.run != 3'd0) begin
          if (hit_i[l]) begin
            d.pos = 6'd1;
            d.run = (q.pos == Due) ? q.run + 3'd1 : 3'd1;
            if (locks[l]) begin
              d.missed = '0;
              d.phase  = phase_i & PhaseMask;
            end
          end else if (q.pos == Due) begin
            d.run = '0;
            d.pos = '0;
          end else begin
            d.pos = q.pos + 6'd1;
          end
        end else begin
          if (hit_i[l] && q.pos + 6'd1 >= Due && q.pos < SlipAt) begin
            d.run = 3'd1;
            d.pos = 6'd1;
          end else begin
            d.pos = (q.pos == SettledAt - 6'd1) ? 6'd0 : q.pos + 6'd1;
            slips[l] = d.pos == SlipAt;
          end
        end
        if (lane_hit_o[l]) begin
          d.flags = flags_i[l];
          d.count = count_i[l];
          d.good  = good_i[l];
          d.fresh = q.fresh || watched_i;
        end
        settling[l] = d.pos > SlipAt && d.run == 3'd0;
        lanes[l] = d;
      end
      lane_q <= lanes;
      locked_q <= locks_left;
      slip_q <= slips;
      settling_q <= settling;
    end else if (!lit_i) begin
      lane_q <= '0;
      locked_q <= '0;
      slip_q <= '0;
      settling_q <= '0;
    end
  end

  assign locked_o = locked;
  assign slip_o   = (hunt && !lock_first_i) ? slip_q : '0;

  // What the far end shows: each of the four state bits, the training bit and `aligned` needs its
  // own majority of the reference lanes.
  logic [Lanes-1:0] reference;
  always_comb begin
    unique case (state_i)
      lr_link_pkg::StDetect, lr_link_pkg::StLock: reference = locked;
      lr_link_pkg::StMap: reference = own_good_i;
      default: reference = used_i;
    endcase
  end

  logic lanes_known, lanes_ready;
  logic [3:0] lanes_state;
  always_comb begin
    logic [5:0] bits;
    int unsigned ones, zeros, lanes;
    lanes_known = 1'b0;
    lanes_state = '0;
    lanes_ready = 1'b0;
    lanes = 0;
    bits = '0;
    ones = 0;
    zeros = 0;
    if (search_o && !lock_first_i) begin
      lanes_known = 1'b1;
      lanes = $countones(reference);
      for (int unsigned b = 0; b < 6; b++) begin
        ones  = 0;
        zeros = 0;
        for (int unsigned l = 0; l < Lanes; l++) begin
          bits = {lane_q[l].flags[1:0], lane_q[l].flags[7:4]};
          if (reference[l] && lane_q[l].fresh && bits[b]) ones++;
          if (reference[l] && lane_q[l].fresh && !bits[b]) zeros++;
        end
        if (2 * ones <= lanes && 2 * zeros <= lanes) lanes_known = 1'b0;
        if (b < 4) lanes_state[b[1:0]] = 2 * ones > lanes;
        if (b == 5) lanes_ready = 2 * ones > lanes;
      end
    end
  end

  logic other_known_d, other_known_q;
  logic [3:0] other_state_d, other_state_q;
  logic other_ready_d, other_ready_q;
  always_comb begin
    other_known_o = (other_known_q && !lock_first_i) || believed_i;
    other_state_o = believed_i ? believed_state_i : other_state_q;
    other_ready_o = believed_i ? believed_ready_i : other_ready_q;
    other_known_d = other_known_o;
    other_state_d = other_state_o;
    other_ready_d = other_ready_o;
    if (lanes_known) begin
      other_known_d = 1'b1;
      other_state_d = lanes_state;
      other_ready_d = lanes_ready;
    end
    if (!lit_i) other_known_d = 1'b0;
  end

  // The far bitmap from the lowest good lane in MAP: six markers in a row in MAP or later whose bytes
  // repeat after three.
  logic hit_d, hit_q, map;
  logic [ 3:0] lead_state;  // of the lowest good lane
  logic [15:0] lead_count;
  logic [ 7:0] lead_good;
  logic [2:0] chain_d, chain_q;  // markers in a row, up to six
  logic [1:0] agree_d, agree_q;  // of those the newest that equal the one three before, up to three
  logic [15:0] last_d, last_q;  // count of the last marker
  logic [2:0][7:0] bytes_d, bytes_q;
  logic valid_d, valid_q;
  logic [23:0] far_d, far_q;
  logic [1:0] index;

  assign map = state_i == lr_link_pkg::StMap;
  always_comb begin
    lead_state = '0;
    lead_count = '0;
    lead_good = '0;
    hit_d = 1'b0;
    if (map) begin
      for (int l = int'(Lanes) - 1; l >= 0; l--) begin
        if (own_good_i[l]) begin
          lead_state = lane_q[l].flags[7:4];
          lead_count = lane_q[l].count;
          lead_good = lane_q[l].good;
          hit_d = lane_hit_o[l];
        end
      end
    end
  end
  always_comb begin
    chain_d = chain_q;
    agree_d = agree_q;
    last_d  = last_q;
    bytes_d = bytes_q;
    valid_d = valid_q;
    far_d   = far_q;
    index   = '0;
    if (hit_q && map) begin
      last_d  = lead_count;
      bytes_d = {bytes_q[1:0], lead_good};
      if (lead_state < lr_link_pkg::StMap || lead_state > lr_link_pkg::StActive) begin
        chain_d = '0;
        agree_d = '0;
      end else if (chain_q == '0 || lead_count != last_q + 16'd1) begin
        chain_d = 3'd1;
        agree_d = '0;
      end else begin
        chain_d = (chain_q == 3'd6) ? 3'd6 : chain_q + 3'd1;
        if (chain_q < 3'd3 || bytes_q[2] != lead_good) agree_d = '0;
        else agree_d = (agree_q == 2'd3) ? 2'd3 : agree_q + 2'd1;
      end
      if (chain_d == 3'(lr_link_pkg::BitmapHits) && agree_d == 2'd3) begin
        valid_d = 1'b1;
        index   = 2'(lead_count % 16'd3);
        unique case (index)
          2'd0: far_d = {bytes_d[1], bytes_d[2], bytes_d[0]};
          2'd1: far_d = {bytes_d[2], bytes_d[0], bytes_d[1]};
          default: far_d = {bytes_d[0], bytes_d[1], bytes_d[2]};
        endcase
      end
    end
    if (!map) chain_d = '0;
    if (lock_first_i || !lit_i) begin
      valid_d = 1'b0;
      far_d   = '0;
    end
  end

  logic learn;
  assign learn = search_o || hit_q || believed_i || lock_first_i || !lit_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      other_known_q <= 1'b0;
      other_state_q <= '0;
      other_ready_q <= 1'b0;
      hit_q <= 1'b0;
      chain_q <= '0;
      agree_q <= '0;
      last_q <= '0;
      bytes_q <= '0;
      valid_q <= 1'b0;
      far_q <= '0;
    end else if (learn) begin
      other_known_q <= other_known_d;
      other_state_q <= other_state_d;
      other_ready_q <= other_ready_d;
      hit_q <= hit_d;
      chain_q <= chain_d;
      agree_q <= agree_d;
      last_q <= last_d;
      bytes_q <= bytes_d;
      valid_q <= valid_d;
      far_q <= far_d;
    end
  end

  assign far_good_valid_o = valid_q;
  assign far_good_o = far_q[Lanes-1:0];

endmodule
