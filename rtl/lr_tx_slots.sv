// SPDX-License-Identifier: Apache-2.0
// rtl/lr_tx_slots.sv
// Decides once a slot what goes on the wire: marker, INIT, replay, new DATA or NOP, and makes its
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
    // Decisions
    output logic offer_o,  // new DATA would go: no marker, no replay, ACTIVE
    output logic marker_o,
    output lr_rtl_pkg::marker_cmd_t marker_cmd_o,
    output logic flit_o,
    output logic init_o,  // ... which is an INIT, likewise below; else a NOP
    output logic repeat_o,
    output logic new_o,
    output lr_link_pkg::header_t base_o,  // the header if a new flit were a NOP
    output lr_link_pkg::header_t header_o
);
  import lr_link_pkg::*;
  localparam logic [3:0] MarkerBusy = 4'(Lanes / 4 - 1);

  logic [3:0] busy_d, busy_q;
  logic begin_d, begin_q;  // the next slot is the first of the stream
  logic [3:0] shown_d, shown_q;  // state that the last marker showed
  logic [12:0] left_d, left_q;  // flits until the next marker
  logic [15:0] count_d, count_q;
  logic [1:0] third_d, third_q;  // count modulo 3
  logic crd_vc_d, crd_vc_q;
  logic decide, due, training;
  logic [23:0] good;

  assign decide = lit_i && busy_q == 4'd0;
  assign training = state_i < StInit;
  assign due = begin_q || training || left_q == '0 ||
      (state_i != shown_q && !(shown_q == StInit && state_i == StActive));
  assign good = 24'(good_i);

  always_comb begin
    marker_o = decide && due;
    init_o = decide && !due && state_i == StInit;
    repeat_o = decide && !due && state_i == StActive && replay_i;
    offer_o = decide && !due && state_i == StActive && !replay_i;
    new_o = offer_o && new_i;
    flit_o = init_o || repeat_o || offer_o;
  end

  always_comb begin
    marker_cmd_o.flags = {state_i, 2'd0, state_i == StDeskew && aligned_i, training};
    marker_cmd_o.count = count_q;
    unique case (third_q)
      2'd0: marker_cmd_o.good_byte = good[7:0];
      2'd1: marker_cmd_o.good_byte = good[15:8];
      default: marker_cmd_o.good_byte = good[23:16];
    endcase
    marker_cmd_o.bip = !begin_q && !training;
    marker_cmd_o.mapped = mapped_i;
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
        init_o ? KindCtrl : repeat_o ? KindData : KindNop
      };
    end
  end
  assign base_o = base;
  always_comb begin
    header_o = base;
    if (new_o) begin
      header_o.poison = new_poison_i;
      header_o.slots = new_slots_i;
      header_o.vc = new_vc_i;
      header_o.kind = KindData;
    end
  end

  always_comb begin
    busy_d   = (busy_q == 4'd0) ? 4'd0 : busy_q - 4'd1;
    begin_d  = begin_q;
    shown_d  = shown_q;
    left_d   = left_q;
    count_d  = count_q;
    third_d  = third_q;
    crd_vc_d = crd_vc_q;
    if (marker_o) begin
      busy_d  = MarkerBusy;
      begin_d = 1'b0;
      shown_d = state_i;
      left_d  = (state_i == StInit) ? 13'(InitInterval) : interval_i;
      count_d = count_q + 16'd1;
      third_d = (third_q == 2'd2 || count_q == 16'hFFFF) ? 2'd0 : third_q + 2'd1;
    end
    if (flit_o) begin
      busy_d   = (4'd4 << shift_i) - 4'd1;
      left_d   = left_q - 13'd1;
      crd_vc_d = !crd_vc_q;
    end
    if (!lit_i) begin
      busy_d  = '0;
      begin_d = 1'b1;
    end
    if (clear_i) begin
      count_d  = '0;
      third_d  = '0;
      crd_vc_d = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q   <= '0;
      begin_q  <= 1'b1;
      shown_q  <= '0;
      left_q   <= '0;
      count_q  <= '0;
      third_q  <= '0;
      crd_vc_q <= 1'b0;
    end else begin
      busy_q   <= busy_d;
      begin_q  <= begin_d;
      shown_q  <= shown_d;
      left_q   <= left_d;
      count_q  <= count_d;
      third_q  <= third_d;
      crd_vc_q <= crd_vc_d;
    end
  end

  `LR_ASSERT(SlotHasOneUse, !decide || marker_o != flit_o)
  `LR_ASSERT(MarkerFirst, !flit_o || !begin_q)
endmodule
