// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_link_tx.sv
// Transmit side: flits from the port into the replay buffer, from there to the lanes, go-back-N.
//
// Latency       Last beat of a flit to its first word: 2 to 5 clocks.
// Throughput    One flit in 8 clocks from the port; one in 4 on the lanes, repeats included.
// Backpressure  tx_ready_o falls while 64 flits are unacknowledged; without credit NOPs are sent.
// Reset         Async; the buffer is not reset. A restart of the link changes nothing here but that
//               all that is unacknowledged is sent again.
// Errors        An acknowledgement of what is not in the buffer is ignored.
// Not here      When to restart (small_link).
module small_link_tx #(
    parameter int unsigned ReplayTimeout = 8192  // clocks, above the round trip
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  small_pkg::state_e         state_i,
    // Port: 8 beats a flit, 240 bytes and zeros; user stands with all beats
    input  logic                      tx_valid_i,
    output logic                      tx_ready_o,
    input  logic              [255:0] tx_data_i,
    input  logic              [  7:0] tx_user_i,
    // What the receive side has heard and has to say
    input  logic                      good_i,         // a good flit, with the three that follow
    input  small_pkg::seq_t           heard_ack_i,
    input  small_pkg::seq_t           heard_freed_i,
    input  logic                      heard_nak_i,
    input  small_pkg::seq_t           expect_i,
    input  small_pkg::seq_t           freed_i,
    input  logic                      nak_i,
    output logic                      nak_sent_o,
    // Lanes
    output small_pkg::word_t          word_o,
    output logic                      light_o,
    output logic                      replay_o
);
  import small_pkg::*;
  localparam seq_t Depth = seq_t'(Window);

  // Numbers of flits: oldest unacknowledged, next to send, next to come from the port; and the
  // first that is not known to have left the far buffer.
  seq_t oldest_d, oldest_q, send_d, send_q, tail_q, freed_q;

  // Port
  logic  [  2:0] beat_q;
  logic  [255:0] half_q;
  word_t         buffer_q[4*Window];
  logic  [  7:0] user_q  [  Window];
  logic          take;
  assign tx_ready_o = seq_t'(tail_q - oldest_q) != Depth;
  assign take = tx_valid_i && tx_ready_o;
  always_ff @(posedge clk_i) begin
    if (take) half_q <= tx_data_i;
    if (take && beat_q[0]) buffer_q[{tail_q[5:0], beat_q[2:1]}] <= {tx_data_i, half_q};
    if (take && beat_q == '1) user_q[tail_q[5:0]] <= tx_user_i;
  end

  // Decision, in the last word of the flit before
  logic [1:0] phase_q;
  kind_e kind_d, kind_q;
  seq_t seq_q;
  logic last, send;
  assign last = phase_q == 2'd3;
  assign send = last && state_i == StActive && send_q != tail_q && seq_t'(send_q - freed_q) < Depth;
  always_comb begin
    if (send) kind_d = KindData;
    else if (state_i == StActive) kind_d = KindNop;
    else kind_d = KindHello;
  end

  // Acknowledgements, and going back
  logic [15:0] timer_q;
  logic ack_valid, expired;
  assign ack_valid = good_i && seq_t'(heard_ack_i - oldest_q) <= seq_t'(tail_q - oldest_q);
  assign expired = timer_q == 16'(ReplayTimeout);
  assign replay_o = state_i == StActive && send_q != oldest_q &&
      ((ack_valid && heard_nak_i) || expired);
  always_comb begin
    oldest_d = ack_valid ? heard_ack_i : oldest_q;
    send_d   = send ? send_q + 8'd1 : send_q;
    if (state_i != StActive || replay_o || seq_t'(send_d - oldest_d) > Depth) send_d = oldest_d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      oldest_q <= '0;
      send_q <= '0;
      tail_q <= '0;
      freed_q <= '0;
      beat_q <= '0;
      phase_q <= '0;
      kind_q <= KindHello;
      seq_q <= '0;
      timer_q <= '0;
    end else begin
      oldest_q <= oldest_d;
      send_q   <= send_d;
      if (ack_valid) freed_q <= heard_freed_i;
      if (take) beat_q <= beat_q + 3'd1;
      if (take && beat_q == '1) tail_q <= tail_q + 8'd1;
      phase_q <= phase_q + 2'd1;
      if (last) kind_q <= kind_d;
      if (last) seq_q <= send_q;
      if (send_q == oldest_q || oldest_d != oldest_q || replay_o) timer_q <= '0;
      else timer_q <= timer_q + 16'd1;
    end
  end

  // Words
  logic [31:0] crc, crc_q;
  word_t word;
  always_comb begin
    last_word_t l;
    word = (kind_q == KindData) ? buffer_q[{seq_q[5:0], phase_q}] : '0;
    l = last_word_t'(word);
    l.crc = '0;
    l.sync = Sync;
    l.header = '{
        zero: '0,
        user: (kind_q == KindData) ? user_q[seq_q[5:0]] : 8'h0,
        freed: freed_i,
        ack: expect_i,
        seq: seq_q,
        nak: nak_i,
        heard: state_i != StHunt,
        kind: kind_q
    };
    if (last) word = l;
    crc   = crc_next((phase_q == '0) ? '1 : crc_q, word);
    l.crc = crc;
    if (last) word = l;
  end
  assign nak_sent_o = last && nak_i && kind_q != KindHello;
  always_ff @(posedge clk_i) begin
    crc_q  <= crc;
    word_o <= (state_i == StOff) ? '0 : word;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) light_o <= 1'b0;
    else light_o <= state_i != StOff;
  end
endmodule
