// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_link.sv
// A small link layer of other making: 4 lanes of 128 bits, flits of 256 bytes, CRC-32, go-back-N
// over 64 flits, one virtual channel. It shows that the test bench is not made for our RTL alone.
//
// Latency       Last beat at one port to first beat at the other: fiber and 7 to 10 clocks.
// Throughput    One flit in 8 clocks each way, set by the ports of 256 bits.
// Backpressure  Ready for each beat; 64 credits, returned as a running count in each header.
// Reset         Async; both ends together, for the numbers of flits begin at 0.
// Errors        See small_link_rx. Lost light, 32 bad flits in a row or restart_i begin the
//               start-up anew; no flit is lost by it.
// Not here      Registers, scrambling, lane alignment, skew, FEC, more than one channel.
module small_link (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         enable_i,
    input  logic         restart_i,    // a pulse
    input  logic [  2:0] fault_i,      // planted fault, see small_link_rx; 0 = none
    // Lanes: lane l is bits 128 l + 127 to 128 l
    input  logic [511:0] lane_rx_i,
    input  logic [  3:0] signal_ok_i,
    output logic [511:0] lane_tx_o,
    output logic         light_o,
    // Flits: 8 beats each
    input  logic         tx_valid_i,
    output logic         tx_ready_o,
    input  logic [255:0] tx_data_i,
    input  logic [  7:0] tx_user_i,
    output logic         rx_valid_o,
    input  logic         rx_ready_i,
    output logic [255:0] rx_data_o,
    output logic [  7:0] rx_user_o,
    // What goes on
    output logic [  1:0] state_o,      // small_pkg::state_e
    output logic         bad_flit_o,   // a pulse
    output logic         replay_o      // a pulse
);
  import small_pkg::*;
  state_e state_d, state_q;
  header_t header;
  seq_t expected, freed;
  logic good, astray, nak, nak_sent, signal_ok;
  assign signal_ok = &signal_ok_i;

  // A HELLO that is not `heard` comes only from a peer that has begun anew: it is answered, but
  // never by beginning anew here too, or both would do so for ever.
  always_comb begin
    state_d = state_q;
    unique case (state_q)
      StOff: state_d = StHunt;
      StHunt: if (good && header.kind == KindHello) state_d = StReady;
      StReady: if (good && (header.kind != KindHello || header.heard)) state_d = StActive;
      StActive: if (good && header.kind == KindHello && !header.heard) state_d = StReady;
      default: state_d = StOff;
    endcase
    if (state_q != StOff && (restart_i || !signal_ok || astray)) state_d = StHunt;
    if (!enable_i) state_d = StOff;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) state_q <= StOff;
    else state_q <= state_d;
  end
  assign state_o = state_q;

  small_link_tx u_tx (
      .clk_i,
      .rst_ni,
      .state_i      (state_q),
      .tx_valid_i,
      .tx_ready_o,
      .tx_data_i,
      .tx_user_i,
      .good_i       (good),
      .heard_ack_i  (header.ack),
      .heard_freed_i(header.freed),
      .heard_nak_i  (header.nak),
      .expect_i     (expected),
      .freed_i      (freed),
      .nak_i        (nak),
      .nak_sent_o   (nak_sent),
      .word_o       (lane_tx_o),
      .light_o,
      .replay_o
  );

  small_link_rx u_rx (
      .clk_i,
      .rst_ni,
      .state_i    (state_q),
      .fault_i,
      .word_i     (lane_rx_i),
      .signal_ok_i(signal_ok),
      .good_o     (good),
      .header_o   (header),
      .bad_o      (bad_flit_o),
      .astray_o   (astray),
      .expect_o   (expected),
      .freed_o    (freed),
      .nak_o      (nak),
      .nak_sent_i (nak_sent),
      .rx_valid_o,
      .rx_ready_i,
      .rx_data_o,
      .rx_user_o
  );
endmodule
