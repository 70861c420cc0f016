// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_link_rx.sv
// Receive side: finds the flits in the words, checks and orders them, keeps them for the port.
//
// Latency       Last word of a flit to the first beat: 1 clock.
// Throughput    One flit in 4 clocks from the lanes; one in 8 to the port.
// Backpressure  rx_ready_i stops each beat; credits keep the buffer from overflow.
// Reset         Async; the buffer is not reset. What is received stays over a restart of the link.
// Errors        A wrong CRC or a gap asks for a replay, once in NakHold clocks.
// Not here      Lanes must come aligned, without skew. Planted faults, to test a test bench:
//               fault_i = 1 takes any number, 2 takes a wrong CRC, 3 forgets at a restart what the
//               port has not fetched, 4 gives no credit back.
module small_link_rx #(
    parameter int unsigned NakHold  = 512,  // clocks, above those of a window of flits
    parameter int unsigned BadLimit = 32    // bad flits in a row: the alignment is lost
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  small_pkg::state_e          state_i,
    input  logic               [  2:0] fault_i,
    // Lanes
    input  small_pkg::word_t           word_i,
    input  logic                       signal_ok_i,  // on all lanes
    // To the link and to the transmit side
    output logic                       good_o,       // a good flit is complete ...
    output small_pkg::header_t         header_o,     // ... with this header
    output logic                       bad_o,
    output logic                       astray_o,     // alignment lost
    output small_pkg::seq_t            expect_o,
    output small_pkg::seq_t            freed_o,
    output logic                       nak_o,
    input  logic                       nak_sent_i,
    // Port: as on the transmit side
    output logic                       rx_valid_o,
    input  logic                       rx_ready_i,
    output logic               [255:0] rx_data_o,
    output logic               [  7:0] rx_user_o
);
  import small_pkg::*;
  localparam seq_t Depth = seq_t'(Window);

  // Framing: before alignment a word with the sync pattern is the last of a flit.
  last_word_t tail;
  logic [1:0] phase_q;
  logic [31:0] crc, crc_q;
  logic [5:0] bad_run_q;
  logic last, right, aligned_q;
  assign tail = last_word_t'(word_i);
  assign last = phase_q == 2'd3;
  always_comb begin
    last_word_t covered;
    covered = tail;
    if (last) covered.crc = '0;
    crc = crc_next((phase_q == '0) ? '1 : crc_q, covered);
  end
  assign right = crc == tail.crc || (fault_i == 3'd2 && aligned_q);
  assign good_o = signal_ok_i && last && right;
  assign bad_o = signal_ok_i && last && !right && aligned_q;
  assign astray_o = bad_o && bad_run_q == 6'(BadLimit - 1);
  assign header_o = tail.header;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      phase_q   <= '0;
      aligned_q <= 1'b0;
      bad_run_q <= '0;
    end else begin
      phase_q <= (!aligned_q && tail.sync == Sync) ? '0 : phase_q + 2'd1;
      if (!signal_ok_i || astray_o) aligned_q <= 1'b0;
      else if (good_o) aligned_q <= 1'b1;
      if (!aligned_q || good_o) bad_run_q <= '0;
      else if (bad_o) bad_run_q <= bad_run_q + 6'd1;
    end
  end
  always_ff @(posedge clk_i) crc_q <= crc;

  // Order: a flit from the peer counts once it knows that we hear it.
  seq_t expect_q, out_q, freed_q, ahead;
  logic data, hit, room;
  assign ahead = tail.header.seq - expect_q;
  assign room = seq_t'(expect_q - out_q) != Depth;
  assign data = good_o && tail.header.kind == KindData &&
      (state_i == StActive || state_i == StReady);
  assign hit = data && room && (ahead == '0 || fault_i == 3'd1);

  logic want_q;
  logic [15:0] hold_q;
  assign nak_o = want_q && hold_q == '0;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      want_q <= 1'b0;
      hold_q <= '0;
    end else if (hit) begin
      want_q <= 1'b0;
      hold_q <= '0;
    end else begin
      if (bad_o || (data && ahead != '0 && !ahead[7])) want_q <= 1'b1;
      else if (nak_sent_i) want_q <= 1'b0;
      if (nak_sent_i) hold_q <= 16'(NakHold);
      else if (hold_q != '0) hold_q <= hold_q - 16'd1;
    end
  end

  // Buffer: the row of the expected flit is written until it is right.
  word_t buffer_q[4*Window];
  logic [7:0] user_q[Window];
  word_t front;
  logic [2:0] beat_q;
  logic give, done;
  always_ff @(posedge clk_i) begin
    if (room) buffer_q[{expect_q[5:0], phase_q}] <= word_i;
    if (hit) user_q[expect_q[5:0]] <= tail.header.user;
  end
  assign give = rx_valid_o && rx_ready_i;
  assign done = give && beat_q == '1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      expect_q <= '0;
      out_q <= '0;
      freed_q <= '0;
      beat_q <= '0;
    end else begin
      if (hit) expect_q <= expect_q + 8'd1;
      if (done) out_q <= out_q + 8'd1;
      if (done && fault_i != 3'd4) freed_q <= freed_q + 8'd1;
      if (give) beat_q <= beat_q + 3'd1;
      if (fault_i == 3'd3 && state_i == StHunt && beat_q == '0 && !give) begin
        out_q   <= expect_q;
        freed_q <= expect_q;
      end
    end
  end
  always_comb begin
    front = buffer_q[{out_q[5:0], beat_q[2:1]}];
    rx_user_o = user_q[out_q[5:0]];
    rx_data_o = beat_q[0] ? front[511:256] : front[255:0];
    if (beat_q == '1) rx_data_o[255:128] = '0;
  end
  assign rx_valid_o = out_q != expect_q;
  assign expect_o = expect_q;
  assign freed_o = freed_q;

  always_ff @(posedge clk_i) begin : NoFlitWithoutRoom
    if (rst_ni)
      assert (!data || ahead != '0 || room || fault_i != '0)
      else $error("NoFlitWithoutRoom");
  end
endmodule
