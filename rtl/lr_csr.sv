// SPDX-License-Identifier: Apache-2.0
// rtl/lr_csr.sv
// Control and status registers on APB4: wraps the block generated from link.rdl and hides its
// types. The block's clock stands still between accesses and interrupts; status and counters, which
// move all the time, are therefore read beside it.
//
// Latency       Setup phase at n: a write is in cfg_o at n + CsrLat, a pulse stands there for one
//               clock; a read shows the registers as they stand at n + 1. No wait states.
// Throughput    One access each 2 clocks.
// Backpressure  pready_o, never low in an access phase.
// Reset         Async.
// Errors        pslverr_o where no register is; writes to read-only fields are ignored.
// Not here      Counters (lr_counters), what the values do.
`include "lr_assert.svh"
module lr_csr #(
    parameter int unsigned Lanes       = 16,    // shown in capabilities, likewise below
    parameter int unsigned Spares      = 0,
    parameter bit          LightFec    = 1'b0,
    parameter int unsigned ReplayDepth = 511,
    parameter int unsigned RxDepth     = 511
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       psel_i,
    input  logic                       penable_i,
    input  logic                       pwrite_i,
    input  logic                [11:0] paddr_i,
    input  logic                [31:0] pwdata_i,
    input  logic                [ 3:0] pstrb_i,
    output logic                [31:0] prdata_o,
    output logic                       pready_o,
    output logic                       pslverr_o,
    output lr_rtl_pkg::cfg_t           cfg_o,
    output lr_rtl_pkg::inject_t        inject_o,
    // Status registers
    input  logic                [ 3:0] state_i,
    input  logic                [ 3:0] cause_i,
    input  logic                [ 3:0] cause_state_i,
    input  logic                [ 1:0] tx_shift_i,
    input  logic                [ 1:0] rx_shift_i,
    input  logic                [17:0] locked_i,           // physical lanes, likewise below
    input  logic                [17:0] good_i,
    input  logic                [17:0] tx_lanes_i,
    input  logic                [17:0] rx_lanes_i,
    input  logic                [31:0] round_trip_i,
    input  logic                [31:0] session_i,
    input  logic                [31:0] peer_i,
    // Interrupts and counters
    input  lr_rtl_pkg::irq_t           irq_i,
    output logic                       irq_o,
    output logic                       snapshot_o,
    output logic                       counter_read_o,
    output logic                [ 7:0] counter_address_o,  // of the compact row of lr_counters
    input  logic                [31:0] counter_data_i,
    output logic                       ber_read_o,
    output logic                [ 4:0] ber_lane_o,
    input  logic                [31:0] ber_data_i
);
  lr_link_csr_pkg::link_csr__in_t  in;
  lr_link_csr_pkg::link_csr__out_t out;
  logic block_error, clk_block, recent_q;
  logic hole_d, hole_q, live_d, live_q;
  logic [9:0] word_q;
  logic [31:0] live_data, block_data;
  lr_rtl_pkg::irq_t event_d, event_q, clear_d, clear_q, seen, pending;

  // To the block the counters are one piece with nothing between events, BIP and missed markers.
  // lr_counters has them in one row: 28 events, 18 lanes, 18 lanes.
  function automatic logic [6:0] compact(logic [9:0] word);  // bit 6: no register there
    if (word < 10'h09C) return {1'b0, word[5:0]};
    if (word >= 10'h0C0 && word < 10'h0D2) return {1'b0, word[5:0] + 6'd28};
    if (word >= 10'h0E0 && word < 10'h0F2) return {1'b0, word[5:0] - 6'd32 + 6'd46};
    return {1'b1, 6'd0};
  endfunction
  logic none_d;
  logic [5:0] place_d, place_q;
  always_comb begin
    {none_d, place_d} = '0;
    if (psel_i) {none_d, place_d} = compact(paddr_i[11:2]);
  end
  assign hole_d = psel_i && !penable_i && paddr_i[11:9] == 3'h1 && none_d;
  assign live_d = psel_i && !penable_i && !pwrite_i;
  always_ff @(posedge clk_block or negedge rst_ni) begin
    if (!rst_ni) begin
      hole_q  <= 1'b0;
      live_q  <= 1'b0;
      word_q  <= '0;
      place_q <= '0;
    end else begin
      hole_q  <= hole_d;
      live_q  <= live_d;
      word_q  <= paddr_i[11:2];
      place_q <= place_d;
    end
  end

  // Clocks for the setup phase, the access phase and the end of a pulse; for an event and for its
  // way into the block.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) recent_q <= 1'b0;
    else recent_q <= psel_i;
  end
  lr_clock_gate u_clock_gate (
      .clk_i,
      .enable_i(!rst_ni || psel_i || recent_q || irq_i != '0 || event_q != '0),
      .clk_o   (clk_block)
  );

  // Events reach the block one clock late; until then they are seen beside it, and a clear that
  // comes meanwhile takes them away.
  assign event_d = irq_i;
  assign clear_d = (psel_i && !penable_i && pwrite_i && pstrb_i[0] && paddr_i[11:2] == 10'h1C) ?
      pwdata_i[3:0] : '0;
  always_ff @(posedge clk_block or negedge rst_ni) begin
    if (!rst_ni) begin
      event_q <= '0;
      clear_q <= '0;
    end else begin
      event_q <= event_d;
      clear_q <= clear_d;
    end
  end

  lr_link_csr u_block (
      .clk          (clk_block),
      .arst_n       (rst_ni),
      .s_apb_psel   (psel_i),
      .s_apb_penable(penable_i),
      .s_apb_pwrite (pwrite_i),
      .s_apb_pprot  ('0),
      .s_apb_paddr  (paddr_i),
      .s_apb_pwdata (pwdata_i),
      .s_apb_pstrb  (pstrb_i),
      .s_apb_pready (pready_o),
      .s_apb_prdata (block_data),
      .s_apb_pslverr(block_error),
      .hwif_in      (in),
      .hwif_out     (out)
  );

  assign pslverr_o = hole_q || block_error;
  assign prdata_o  = live_q ? live_data : '0;

  always_comb begin
    cfg_o.enable = out.control.enable.value;
    cfg_o.retrain = out.control.retrain.value;
    cfg_o.window = out.window.flits.value;
    cfg_o.rx_depth = out.rx_depth.flits.value;
    cfg_o.marker_interval = out.marker_interval.flits.value;
    cfg_o.marker_interval_bad = out.marker_interval_bad.flits.value;
    cfg_o.nak_timeout = out.nak_timeout.flit_times.value;
    cfg_o.replay_timeout = out.replay_timeout.flit_times.value;
    cfg_o.replay_limit = out.limits.replay_limit.value;
    cfg_o.retrain_limit = out.limits.retrain_limit.value;
    cfg_o.train_limit = out.limits.train_limit.value;
    cfg_o.detect_timeout = out.detect_timeout_clocks.clocks.value;
    cfg_o.lock_timeout = out.lock_timeout_clocks.clocks.value;
    cfg_o.map_timeout = out.map_timeout_clocks.clocks.value;
    cfg_o.deskew_timeout = out.deskew_timeout_clocks.clocks.value;
    cfg_o.init_timeout = out.init_timeout_clocks.clocks.value;
    cfg_o.lock_min = out.lock_min_clocks.clocks.value;
    cfg_o.lane_wait = out.lane_wait_clocks.clocks.value;
    cfg_o.lanes_off = out.lanes_off.lanes.value;
    cfg_o.quiesce_after = out.quiesce_after.flit_times.value;
  end
  assign snapshot_o = out.snapshot.take.value;

  // A write of the count arms an injection; it is seen with the new value.
  logic flits_written_q, words_written_q;
  always_ff @(posedge clk_block or negedge rst_ni) begin
    if (!rst_ni) begin
      flits_written_q <= 1'b0;
      words_written_q <= 1'b0;
    end else begin
      flits_written_q <= out.inject_flits.count.swmod;
      words_written_q <= out.inject_lane.words.swmod;
    end
  end
  assign inject_o = '{
          flits_written: flits_written_q,
          mask: {out.inject_header_hi.mask.value, out.inject_header_lo.mask.value},
          flits: out.inject_flits.count.value,
          kinds: {
            out.inject_flits.ctrl.value, out.inject_flits.data.value, out.inject_flits.nop.value
          },
          words_written: words_written_q,
          lane: out.inject_lane.lane.value,
          position: out.inject_lane.position.value,
          words: out.inject_lane.words.value
      };

  assign seen.new_session = out.irq_status.new_session.value || event_q.new_session;
  assign seen.no_light = out.irq_status.no_light.value || event_q.no_light;
  assign seen.link_down = out.irq_status.link_down.value || event_q.link_down;
  assign seen.active_lost = out.irq_status.active_lost.value || event_q.active_lost;
  assign pending.new_session = seen.new_session && out.irq_enable.new_session.value;
  assign pending.no_light = seen.no_light && out.irq_enable.no_light.value;
  assign pending.link_down = seen.link_down && out.irq_enable.link_down.value;
  assign pending.active_lost = seen.active_lost && out.irq_enable.active_lost.value;
  assign irq_o = pending != '0;

  assign counter_read_o = live_q && word_q[9:7] == 3'h1;
  assign counter_address_o = {place_q, 2'b00};
  assign ber_read_o = live_q && word_q[9:5] == 5'h08;
  assign ber_lane_o = word_q[4:0];
  always_comb begin
    live_data = '0;
    if (live_q) begin
      unique case (word_q)
        10'h14: live_data = {16'h0, rx_shift_i, tx_shift_i, cause_state_i, cause_i, state_i};
        10'h15: live_data = {14'h0, locked_i};
        10'h19: live_data = {14'h0, good_i};
        10'h1A: live_data = {14'h0, tx_lanes_i};
        10'h1B: live_data = {14'h0, rx_lanes_i};
        10'h16: live_data = round_trip_i;
        10'h17: live_data = session_i;
        10'h18: live_data = peer_i;
        10'h1C: live_data = {28'h0, seen};
        10'h1E: live_data = {28'h0, pending};
        default: begin
          live_data = block_data;
          if (counter_read_o) live_data = counter_data_i;
          if (ber_read_o) live_data = ber_data_i;
        end
      endcase
    end
  end

  always_comb begin
    in.capabilities.lanes.next = 5'(Lanes);
    in.capabilities.spares.next = 2'(Spares);
    in.capabilities.light_fec.next = LightFec;
    in.capabilities.replay_depth.next = 10'(ReplayDepth);
    in.capabilities.rx_depth.next = 10'(RxDepth);
    in.status.state.next = '0;
    in.status.cause.next = '0;
    in.status.cause_state.next = '0;
    in.status.tx_shift.next = '0;
    in.status.rx_shift.next = '0;
    in.lane_locked.lanes.next = '0;
    in.lane_good.lanes.next = '0;
    in.tx_lanes.lanes.next = '0;
    in.rx_lanes.lanes.next = '0;
    in.round_trip.flit_times.next = '0;
    in.session.value.next = '0;
    in.peer.value.next = '0;
    in.irq_status.new_session.hwset = event_q.new_session && !clear_q.new_session;
    in.irq_status.no_light.hwset = event_q.no_light && !clear_q.no_light;
    in.irq_status.link_down.hwset = event_q.link_down && !clear_q.link_down;
    in.irq_status.active_lost.hwset = event_q.active_lost && !clear_q.active_lost;
    in.irq_cause.new_session.next = '0;
    in.irq_cause.no_light.next = '0;
    in.irq_cause.link_down.next = '0;
    in.irq_cause.active_lost.next = '0;
    in.counters.rd_ack = out.counters.req && !out.counters.req_is_wr;
    in.counters.rd_data = '0;
    in.counters.wr_ack = out.counters.req && out.counters.req_is_wr;
    in.ber_estimate.rd_ack = out.ber_estimate.req && !out.ber_estimate.req_is_wr;
    in.ber_estimate.rd_data = '0;
    in.ber_estimate.wr_ack = out.ber_estimate.req && out.ber_estimate.req_is_wr;
  end

  logic unused;
  assign unused = ^{out.counters.addr, out.counters.wr_data, out.counters.wr_biten,
      out.ber_estimate.addr, out.ber_estimate.wr_data, out.ber_estimate.wr_biten};

  `LR_STATIC(LatencyMatches, lr_link_pkg::CsrLat == 2)
endmodule
