// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_framer.sv
// Cuts the deskewed words into marker and flit slots, believes markers by majority, and tells which
// lanes missed one and what their BIP says.
//
// Latency       word_i at u: flit_o, key controls at u. Last word of a marker at u: events at u +
//               MarkerRx.
// Throughput    One word a clock.
// Backpressure  None: reading never stops while enable_i is high.
// Reset         Async; enable_i = 0 goes back to "a marker is expected" and drops events under way.
//               From the first clock of QUIESCE on nothing is framed until a marker is hunted.
// Errors        A marker not believed counts as missed on the lanes that do not stand.
// Not here      Alignment (lr_deskew), what a lost lane leads to (lr_train_fsm).
`include "lr_assert.svh"
module lr_rx_framer #(
    parameter  int unsigned Lanes    = 16,              // 4, 8 or 16
    parameter  int unsigned Spares   = 0,               // 0, 1 or 2
    localparam int unsigned Phys     = Lanes + Spares,
    localparam int unsigned LaneBits = 512 / Lanes,
    localparam int unsigned Bits     = Phys * LaneBits
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  enable_i,         // word_i is aligned
    input  logic [Bits-1:0]       word_i,
    input  logic [     1:0]       shift_i,          // receive map, likewise below
    input  logic [Phys-1:0]       used_i,
    input  logic [Phys-1:0]       measured_i,       // aligned lanes, the used ones among them
    input  logic [    15:0]       far_interval_i,   // flits after a marker that shows ACTIVE
    // Hunting: markers looked for at every word
    input  logic                  quiesce_i,        // state QUIESCE
    input  logic                  quiesce_first_i,  // ... its first clock
    input  logic                  bad_i,            // verdict: wrong CRC in ACTIVE
    input  logic                  good_i,           // verdict: good
    output logic                  hunt_o,
    input  logic [Phys-1:0]       prey_i,           // with hunt_o: the last words are a marker
    input  logic [Phys-1:0][ 7:0] prey_flags_i,     // with prey_i
    input  logic [Phys-1:0][15:0] prey_count_i,
    output logic                  flit_o,           // word_i belongs to a flit
    output logic [     3:0]       index_o,          // ... and is this word of it
    output logic                  restart_o,        // the key begins anew with the next word
    output logic                  believed_o,
    output logic [     7:0]       flags_o,          // with believed_o
    output logic [    15:0]       count_o,
    output logic [Phys-1:0]       missed_o,         // lanes that missed the marker of this event
    output logic                  lost_o,           // a lane has missed three in a row
    output logic [Phys-1:0]       judged_o,         // lanes whose BIP was compared
    output logic [Phys-1:0][ 3:0] bip_errors_o      // with judged_o
);
  localparam int unsigned Words = 128 / LaneBits;
  localparam logic [3:0] LastMarkerWord = 4'(Words - 1);

  logic marker_slot_q;  // a marker is expected in this slot
  logic training_q;  // the last believed marker had training set
  logic [3:0] pos_d, pos_q;
  logic [3:0] last_word;  // of a flit
  assign last_word = (4'd4 << shift_i) - 4'd1;
  logic [15:0] left_q;  // flit slots until the next expected marker
  logic [15:0] interval_q;
  logic [1:0] wakes_q;  // wake markers that are still to come
  logic after_wake_q;  // the last marker was a wake marker
  logic at_check;
  logic [Phys-1:0] stand, shown;

  logic framed_d, framed_q, framed;  // slots are known
  logic hunt_d, hunt_q;
  logic hunted, stop_marker;
  assign framed = enable_i && framed_q && !quiesce_first_i;
  assign hunt_o = enable_i && (hunt_q || quiesce_i || !framed_q);
  always_comb begin
    framed_d = framed || hunted || !enable_i;
    hunt_d   = hunt_q;
    if (bad_i) hunt_d = 1'b1;
    if (good_i) hunt_d = 1'b0;
    if (stop_marker) hunt_d = 1'b1;
    if (!enable_i) hunt_d = 1'b0;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      framed_q <= 1'b1;
      hunt_q   <= 1'b0;
    end else begin
      framed_q <= framed_d;
      hunt_q   <= hunt_d;
    end
  end

  // Marker words are kept only while some lane may stand, which ends in nearly each flit with its
  // first word.
  logic [Phys-1:0] may_d;
  logic [Phys-1:0][31:0] chunk1, chunk2;  // bits 63:32 and 95:64 of the marker
  if (Words == 4) begin : gen_four
    logic [Phys-1:0] may_q;
    logic [Phys-1:0][31:0] chunk1_q, chunk2_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) may_q <= '0;
      else may_q <= may_d;
    end
    always_comb begin
      may_d = '0;
      if (framed && pos_q == 4'd0) begin
        for (int unsigned l = 0; l < Phys; l++) begin
          may_d[l] = word_i[l*32+:32] == lr_link_pkg::MarkerSync && measured_i[l];
        end
      end else if (may_q != '0) begin
        may_d = may_q;
        for (int unsigned l = 0; l < Phys; l++) begin
          if (pos_q == 4'd1 && word_i[l*32+:16] != {~8'(l), 8'(l)}) may_d[l] = 1'b0;
          if (pos_q == 4'd3 && word_i[l*32+:32] != ~lr_link_pkg::MarkerSync) may_d[l] = 1'b0;
        end
      end
    end
    always_ff @(posedge clk_i) begin
      if (may_q != '0 && pos_q == 4'd1) chunk1_q <= word_i;
      if (may_q != '0 && pos_q == 4'd2) chunk2_q <= word_i;
    end
    assign chunk1 = chunk1_q;
    assign chunk2 = chunk2_q;
  end else if (Words == 2) begin : gen_two
    logic [Phys-1:0] may_q;
    logic [Phys-1:0][31:0] chunk1_d, chunk1_q;
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) may_q <= '0;
      else may_q <= may_d;
    end
    always_comb begin
      may_d = '0;
      chunk1_d = '0;
      chunk2 = '0;
      if (framed && pos_q == 4'd0) begin
        for (int unsigned l = 0; l < Phys; l++) begin
          may_d[l] = word_i[l*64+:48] == {~8'(l), 8'(l), lr_link_pkg::MarkerSync} && measured_i[l];
          chunk1_d[l] = word_i[l*64+32+:32];
        end
      end else if (pos_q == 4'd1 && may_q != '0) begin
        for (int unsigned l = 0; l < Phys; l++) begin
          may_d[l]  = may_q[l] && word_i[l*64+32+:32] == ~lr_link_pkg::MarkerSync;
          chunk2[l] = word_i[l*64+:32];
        end
      end
    end
    always_ff @(posedge clk_i) begin
      if (may_d != '0 && pos_q == 4'd0) chunk1_q <= chunk1_d;
    end
    assign chunk1 = chunk1_q;
  end else begin : gen_one
    always_comb begin
      may_d  = '0;
      chunk1 = '0;
      chunk2 = '0;
      if (framed && pos_q == 4'd0) begin
        for (int unsigned l = 0; l < Phys; l++) begin
          may_d[l] = word_i[l*128+:48] == {~8'(l), 8'(l), lr_link_pkg::MarkerSync} &&
              word_i[l*128+96+:32] == ~lr_link_pkg::MarkerSync && measured_i[l];
          chunk1[l] = word_i[l*128+32+:32];
          chunk2[l] = word_i[l*128+64+:32];
        end
      end
    end
  end

  assign at_check = framed && pos_q == LastMarkerWord;
  assign stand = at_check ? may_d : '0;
  assign shown = (hunt_o ? prey_i : stand) & used_i;

  logic believed;
  logic [7:0] flags;
  logic [15:0] count;
  always_comb begin
    logic [23:0] field;
    int unsigned ones, zeros, lanes;
    believed = 1'b0;
    flags = '0;
    count = '0;
    field = '0;
    ones = 0;
    zeros = 0;
    lanes = Lanes >> shift_i;
    if (shown != '0) begin
      believed = 1'b1;
      for (int unsigned b = 0; b < 24; b++) begin
        ones  = 0;
        zeros = 0;
        for (int unsigned l = 0; l < Phys; l++) begin
          field = hunt_o ? {prey_count_i[l], prey_flags_i[l]} : {chunk2[l][15:0], chunk1[l][31:24]};
          if (shown[l] && field[b]) ones++;
          if (shown[l] && !field[b]) zeros++;
        end
        if (2 * ones <= lanes && 2 * zeros <= lanes) believed = 1'b0;
        if (b < 8) flags[b[2:0]] = 2 * ones > lanes;
        else count[4'(b-8)] = 2 * ones > lanes;
      end
    end
  end

  // A marker with training, quiesce or wake set ends a run of flits at once; any other one counts
  // only where it is expected. Between slots only training and wake count.
  logic taken, marker_end, expected_end;
  assign hunted = hunt_o && believed && (flags[0] || flags[3]);
  assign taken = hunted || (at_check && believed &&
                            (marker_slot_q || flags[0] || flags[2] || flags[3]));
  assign expected_end = at_check && marker_slot_q;
  assign marker_end = expected_end || taken;

  logic slot_ends;
  assign slot_ends = !framed || marker_end || (!marker_slot_q && pos_q == last_word);
  assign pos_d = slot_ends ? 4'd0 : pos_q + 4'd1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) pos_q <= '0;
    else pos_q <= pos_d;
  end

  // All else moves with the end of a slot alone, so next values are made where they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic marker_slot, training, after_wake;
    logic [15:0] left, interval;
    logic [1:0] wakes;
    if (!rst_ni) begin
      marker_slot_q <= 1'b1;
      training_q <= 1'b1;
      left_q <= '0;
      interval_q <= '0;
      wakes_q <= '0;
      after_wake_q <= 1'b0;
    end else if (slot_ends) begin
      marker_slot = marker_slot_q;
      training = training_q;
      left = left_q;
      interval = interval_q;
      wakes = wakes_q;
      after_wake = after_wake_q;
      if (!enable_i) begin
        marker_slot = 1'b1;
        training = 1'b1;
        wakes = '0;
        after_wake = 1'b0;
      end else if (marker_end) begin
        if (taken) begin
          training = flags[0];
          interval = (!flags[3] && flags[7:4] == lr_link_pkg::StInit) ?
              16'(lr_link_pkg::InitInterval) : far_interval_i;
          wakes = (flags[3] && !flags[0]) ? flags[5:4] : 2'd0;
        end else if (wakes_q != '0) begin
          wakes = wakes_q - 2'd1;
        end
        after_wake = taken && flags[3];
        marker_slot = training || wakes != '0;
        left = interval;
      end else if (!framed) begin
        marker_slot = 1'b0;
      end else begin
        left = left_q - 16'd1;
        marker_slot = left_q == 16'd1;
      end
      marker_slot_q <= marker_slot;
      training_q <= training;
      left_q <= left;
      interval_q <= interval;
      wakes_q <= wakes;
      after_wake_q <= after_wake;
    end
  end

  assign flit_o = framed && !marker_slot_q && !marker_end;
  assign index_o = pos_q;
  assign restart_o = marker_end || !enable_i;

  logic [Phys-1:0][7:0] bip;
  lr_bip #(
      .Lanes(Phys),
      .LaneBits(LaneBits)
  ) u_bip (
      .clk_i,
      .clear_i(restart_o),
      .add_i  (!marker_slot_q),
      .word_i,
      .fold_i (marker_end),
      .bip_o  (bip)
  );

  // Two stages to the events.
  logic event1_d, event1_q, event2_q;
  logic believed1_q, believed2_q, hunted1_q, hunted2_q;
  logic [7:0] flags1_q, flags2_q;
  logic [15:0] count1_q, count2_q;
  logic checked1_d, checked1_q, checked2_q;
  logic [Phys-1:0] missed1_d, missed1_q, missed2_q;
  logic [Phys-1:0] judged1_d, judged1_q, judged2_q;
  logic [Phys-1:0][3:0] errors1_d, errors1_q, errors2_q;

  assign event1_d   = marker_end;
  assign checked1_d = expected_end && !training_q;
  always_comb begin
    missed1_d = '0;
    judged1_d = '0;
    errors1_d = '0;
    if (checked1_d) begin
      for (int unsigned l = 0; l < Phys; l++) begin
        missed1_d[l] = measured_i[l] && (!stand[l] || (believed && chunk2[l][15:0] != count));
        if (believed && !flags[0] && !flags[3] && !after_wake_q && stand[l]) begin
          judged1_d[l] = 1'b1;
          errors1_d[l] = 4'($countones(chunk2[l][23:16] ^ bip[l]));
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      event1_q <= 1'b0;
      event2_q <= 1'b0;
    end else begin
      event1_q <= event1_d;
      event2_q <= event1_q && enable_i && (hunted1_q || !quiesce_first_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (event1_d) begin
      believed1_q <= taken;
      hunted1_q <= hunted;
      flags1_q <= flags;
      count1_q <= count;
      checked1_q <= checked1_d;
      missed1_q <= missed1_d;
      judged1_q <= judged1_d;
      errors1_q <= errors1_d;
    end
    if (event1_q) begin
      believed2_q <= believed1_q;
      hunted2_q <= hunted1_q;
      flags2_q <= flags1_q;
      count2_q <= count1_q;
      checked2_q <= checked1_q;
      missed2_q <= missed1_q;
      judged2_q <= judged1_q;
      errors2_q <= errors1_q;
    end
  end

  // While the link is quiet only hunted markers are heard.
  logic event2, checked;
  assign event2 = event2_q && enable_i;
  assign checked = event2 && checked2_q && !quiesce_i;
  assign believed_o = event2 && believed2_q && (!quiesce_i || hunted2_q);
  assign flags_o = flags2_q;
  assign count_o = count2_q;
  assign stop_marker = believed_o && flags_o[2] && !flags_o[3] && !flags_o[0];
  assign missed_o = checked ? missed2_q & measured_i : '0;
  assign judged_o = checked ? judged2_q : '0;
  assign bip_errors_o = checked ? errors2_q : '0;

  // Runs of missed markers, two bits a lane.
  logic [Phys-1:0][1:0] run_d, run_q;
  always_comb begin
    run_d  = '0;
    lost_o = 1'b0;
    if (checked) begin
      for (int unsigned l = 0; l < Phys; l++) begin
        run_d[l] = '0;
        if (missed2_q[l]) begin
          if (used_i[l] && run_q[l] >= 2'(lr_link_pkg::LockMisses - 1)) lost_o = 1'b1;
          run_d[l] = (run_q[l] == '1) ? run_q[l] : run_q[l] + 2'd1;
        end
      end
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) run_q <= '0;
    else if (checked || !enable_i) run_q <= run_d;
  end

  `LR_STATIC(LatencyMatches, lr_link_pkg::MarkerRx == 2)
  `LR_ASSERT(MarkerEndsOnSlotBoundary, !marker_end || hunted || pos_q == LastMarkerWord)
  `LR_ASSERT(MarkerSlotLength, !marker_slot_q || 32'(pos_q) < Words)
endmodule
