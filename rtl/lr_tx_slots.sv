// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_slots.sv
// Decides once a slot what goes on the wire: marker, CTRL, replay, new DATA or NOP, and makes its
// header.
//
// Latency       0 clocks from the registers to the decision at D.
// Throughput    One flit each 4 clocks, one marker each M clocks.
// Backpressure  None: the fiber does not wait.
// Reset         Async; a dark state begins the stream anew.
// Errors        None.
// Not here      Which flit is repeated (lr_retry_tx), which channel sends (lr_credit_tx), the bits
//               (lr_tx_path).
`include "lr_assert.svh"
module lr_tx_slots #(
    parameter int unsigned Lanes = 16,    // 4, 8 or 16
    parameter int unsigned Phys  = Lanes
) (
    input logic clk_i,
    input logic rst_ni,
    input logic [3:0] state_i,
    input logic lit_i,
    input logic clear_i,  // RESET begins with the next clock
    input logic [12:0] interval_i,  // flits after a marker that shows ACTIVE
    input logic [Phys-1:0] good_i,
    input logic aligned_i,
    input logic mapped_i,  // lanes carry logical ones
    input logic [1:0] shift_i,  // transmit map: 0 full, 1 half, 2 quarter width
    // What could be sent
    input logic wake_i,  // wake markers, in ACTIVE
    input logic [1:0] wake_left_i,
    input logic wake_answer_i,
    input logic stop_i,  // a quiesce marker
    input logic answer_i,
    input logic yes_i,  // the answer is a yes; hangs on the transaction side
    input logic request_i,
    input logic closed_i,  // no new DATA
    input logic replay_i,  // a replay is pending or under way
    input logic [9:0] pointer_i,  // its next flit
    input logic replay_vc_i,
    input logic [3:0] replay_slots_i,
    input logic replay_poison_i,
    input logic [9:0] next_i,  // number of the next new flit
    input logic new_i,  // a channel may send
    input logic new_vc_i,
    input logic [3:0] new_slots_i,
    input logic new_poison_i,
    // What the header says of the other direction
    input logic [9:0] expected_i,
    input logic nak_due_i,
    input logic [1:0][9:0] grant_i,
    // Errors to inject
    input logic [2:0] hit_kinds_i,  // CTRL, DATA, NOP
    input logic [47:0] hit_mask_i,
    output logic hit_o,  // a header is hit
    // Decisions
    output logic offer_o,  // new DATA would go: no marker, nothing before it, ACTIVE
    output logic marker_o,
    output lr_rtl_pkg::marker_cmd_t marker_cmd_o,
    output logic woken_o,  // the marker is a wake marker
    output logic stopped_o,  // ... a quiesce marker
    output logic cut_o,  // QUIESCE: the words of what was decided before end here
    output logic flit_o,
    output logic ctrl_o,  // ... which is a CTRL, likewise below
    output logic init_o,  // INIT, a CTRL
    output logic answered_o,  // answer, a CTRL
    output logic asked_o,  // request, a CTRL
    output logic [2:0] code_o,  // with ctrl_o; hangs on the transaction side for answers
    output logic repeat_o,
    output logic new_o,
    output logic nop_o,
    output logic crd_vc_o,
    output lr_link_pkg::header_t base_o,  // the header if a new flit were a NOP
    output lr_link_pkg::header_t header_o
);
  import lr_link_pkg::*;
  localparam logic [3:0] MarkerBusy = 4'(Lanes / 4 - 1);

  logic [3:0] busy_d, busy_q;
  logic begin_q;  // the next slot is the first of the stream
  logic [3:0] shown_q;  // state that the last marker showed
  logic [12:0] left_q;  // flits until the next marker
  logic [15:0] count_q;
  logic [1:0] third_q;  // count modulo 3
  logic crd_vc_q;
  logic whole_q;  // the last decision is a quiesce marker
  logic decide, training, active, change, wake, stop, due, free;
  logic [23:0] good;

  assign decide = lit_i && state_i != StQuiesce && busy_q == 4'd0;
  assign training = state_i < StInit;
  assign active = state_i == StActive;
  assign change = begin_q || training ||
      (state_i != shown_q && !(shown_q == StInit && state_i == StActive));
  assign wake = active && !change && wake_i;
  assign stop = active && !change && !wake_i && stop_i;
  assign due = change || wake || stop || left_q == '0;
  assign free = decide && !due && active;
  assign good = 24'(good_i);

  logic last;  // the slot is for new DATA or a NOP
  always_comb begin
    marker_o = decide && due;
    woken_o = decide && wake;
    stopped_o = decide && stop;
    init_o = decide && !due && state_i == StInit;
    answered_o = free && answer_i;
    asked_o = free && !answer_i && request_i;
    repeat_o = free && !answer_i && !request_i && replay_i;
    last = free && !answer_i && !request_i && !replay_i;
    offer_o = last && !closed_i;
    new_o = offer_o && new_i;
    nop_o = last && !new_o;
    ctrl_o = init_o || answered_o || asked_o;
    flit_o = ctrl_o || repeat_o || last;
  end
  always_comb begin
    code_o = '0;
    if (init_o) code_o = 3'(CtrlInit);
    if (asked_o) code_o = 3'(CtrlQuiesceRequest);
    if (answered_o) code_o = yes_i ? 3'(CtrlQuiesceYes) : 3'(CtrlQuiesceNo);
  end

  always_comb begin
    marker_cmd_o = '0;
    if (marker_o) begin
      marker_cmd_o.flags = {state_i, 1'b0, stop, state_i == StDeskew && aligned_i, training};
      if (wake) marker_cmd_o.flags = {1'b0, wake_answer_i, wake_left_i, 4'b1000};
      marker_cmd_o.count = count_q;
      unique case (third_q)
        2'd0: marker_cmd_o.good_byte = good[7:0];
        2'd1: marker_cmd_o.good_byte = good[15:8];
        default: marker_cmd_o.good_byte = good[23:16];
      endcase
      marker_cmd_o.bip = !begin_q && !training && !wake;
      marker_cmd_o.mapped = mapped_i;
    end
  end

  // The header without what new DATA brings; those fields are zero in all other flits but a
  // repeated one.
  header_t base;
  always_comb begin
    base = '0;
    if (flit_o) begin
      base = {
        6'h0,
        crd_vc_q ? grant_i[1] : grant_i[0],
        crd_vc_q,
        repeat_o && replay_poison_i,
        repeat_o ? replay_slots_i : 4'd0,
        repeat_o,
        nak_due_i,
        expected_i - 10'd1,
        replay_i ? pointer_i : next_i,
        repeat_o && replay_vc_i,
        ctrl_o ? KindCtrl : repeat_o ? KindData : KindNop
      };
    end
  end
  // Bits of the header that are inverted on purpose: of a NOP or what is no new DATA, of new DATA.
  logic hit_base, hit_new;
  always_comb begin
    hit_base = 1'b0;
    hit_new  = 1'b0;
    if (hit_kinds_i != '0 && flit_o) begin
      hit_base = ctrl_o ? hit_kinds_i[2] : repeat_o ? hit_kinds_i[1] : hit_kinds_i[0];
      hit_new  = hit_kinds_i[1];
    end
  end
  assign hit_o = new_o ? hit_new : hit_base;
  always_comb begin
    base_o = base;
    if (hit_base) base_o = base ^ hit_mask_i;
  end
  always_comb begin
    header_o = base_o;
    if (new_o) begin
      header_o = base;
      header_o.poison = new_poison_i;
      header_o.slots = new_slots_i;
      header_o.vc = new_vc_i;
      header_o.kind = KindData;
      if (hit_new) header_o ^= hit_mask_i;
    end
  end
  assign crd_vc_o = crd_vc_q;

  assign cut_o = state_i == StQuiesce && !whole_q;
  always_comb begin
    if (flit_o) busy_d = (4'd4 << shift_i) - 4'd1;
    else if (marker_o) busy_d = MarkerBusy;
    else if (busy_q == 4'd0 || cut_o || !lit_i) busy_d = '0;
    else busy_d = busy_q - 4'd1;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) busy_q <= '0;
    else busy_q <= busy_d;
  end

  // All else moves with decisions alone, so next values are made where they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic start, crd_vc;
    logic [ 3:0] shown;
    logic [12:0] left;
    logic [15:0] count;
    logic [ 1:0] third;
    if (!rst_ni) begin
      begin_q  <= 1'b1;
      shown_q  <= '0;
      left_q   <= '0;
      count_q  <= '0;
      third_q  <= '0;
      crd_vc_q <= 1'b0;
      whole_q  <= 1'b0;
    end else if (marker_o || flit_o || clear_i || !lit_i) begin
      start  = begin_q;
      shown  = shown_q;
      left   = left_q;
      count  = count_q;
      third  = third_q;
      crd_vc = crd_vc_q;
      if (marker_o) begin
        start = 1'b0;
        shown = state_i;
        left  = (state_i == StInit) ? 13'(InitInterval) : interval_i;
        count = count_q + 16'd1;
        third = (third_q == 2'd2 || count_q == 16'hFFFF) ? 2'd0 : third_q + 2'd1;
      end else if (flit_o) begin
        left   = left_q - 13'd1;
        crd_vc = !crd_vc_q;
      end
      if (!lit_i) start = 1'b1;
      if (clear_i) begin
        count  = '0;
        third  = '0;
        crd_vc = 1'b0;
      end
      begin_q  <= start;
      shown_q  <= shown;
      left_q   <= left;
      count_q  <= count;
      third_q  <= third;
      crd_vc_q <= crd_vc;
      whole_q  <= (marker_o || flit_o) ? stop && marker_o : whole_q;
    end
  end

  `LR_ASSERT(SlotHasOneUse, !decide || marker_o != flit_o)
  `LR_ASSERT(MarkerFirst, !flit_o || !begin_q)
endmodule
