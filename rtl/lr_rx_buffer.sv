// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_buffer.sv
// Receive buffer of one virtual channel: beats are written as they come and count once the flit is
// accepted; every flit handed over is a credit granted.
//
// Latency       accept_i at v into an empty buffer: valid_o at v + DeliverLat. Handshake at h:
//               beats at h to h + 3, next valid_o at h + 4, grant_o at h + CreditLat.
// Throughput    One flit each 4 clocks in and out.
// Backpressure  room_o falls at limit_i flits held; the sender's credits keep it from mattering.
// Reset         Async; clear_i drops what is held (a flit being handed over is finished), fresh_i
//               grants anew.
// Errors        None: overflow is refused before it comes here (lr_rx_verdict).
// Not here      Order and acceptance (lr_rx_order, lr_rx_verdict).
`include "lr_assert.svh"
module lr_rx_buffer #(
    parameter int unsigned RxDepth = 511  // flits kept, 2 to 511
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         clear_i,   // RESET begins with the next clock
    input  logic         fresh_i,
    input  logic [  9:0] limit_i,   // flits in use, up to RxDepth
    // Flit coming in
    input  logic         wen_i,
    input  logic [  1:0] index_i,
    input  logic [511:0] beat_i,
    input  logic         accept_i,  // with the last beat
    input  logic [  3:0] slots_i,   // with accept_i
    input  logic         poison_i,
    output logic         room_o,
    output logic         held_o,    // flits are held
    output logic [  9:0] grant_o,
    output logic [  9:0] lost_o,    // flits that clear_i drops
    // Flit going out
    output logic         valid_o,
    input  logic         ready_i,
    output logic [  3:0] slots_o,
    output logic         poison_o,
    output logic [511:0] beat_o
);
  localparam int unsigned IndexBits = $clog2(RxDepth);
  localparam logic [IndexBits-1:0] LastRow = IndexBits'(RxDepth - 1);

  logic [IndexBits-1:0] tail_q, head_q, row_q;
  logic [9:0] held_q, grant_q;
  logic valid_q;
  logic [1:0] index_q;  // beat that is read next; 0 while none is under way
  logic fetch, read, taken, work;
  logic [IndexBits+1:0] place;  // row and beat that are read

  assign room_o = held_q < limit_i;
  assign valid_o = valid_q;
  assign taken = valid_q && ready_i;
  // A flit may be fetched when the port is free at the next clock.
  assign fetch = !valid_q && index_q == 2'd0 && held_q != '0 && !clear_i;
  assign read = fetch || taken || index_q != 2'd0;
  assign work = read || accept_i || fresh_i || clear_i;

  always_comb begin
    place = '0;
    if (read) begin
      place = {fetch ? head_q : row_q, taken ? 2'd1 : index_q};
    end
  end
  always_comb begin
    lost_o = '0;
    if (clear_i) lost_o = held_q + {9'h0, accept_i} - {9'h0, taken};
  end

  // Nothing moves while no flit comes or goes, so next values are made where they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic [IndexBits-1:0] tail, head;
    logic [9:0] held, grant;  // but for what is taken at this clock
    logic [1:0] index;
    if (!rst_ni) begin
      tail_q  <= '0;
      head_q  <= '0;
      held_q  <= '0;
      grant_q <= '0;
      valid_q <= 1'b0;
      index_q <= '0;
      row_q   <= '0;
    end else if (work) begin
      tail  = tail_q;
      head  = head_q;
      held  = held_q;
      grant = fresh_i ? limit_i - held_q : grant_q;
      if (accept_i) begin
        tail = (tail_q == LastRow) ? '0 : tail_q + IndexBits'(1);
        held = held_q + 10'd1;
      end
      if (fetch) head = (head_q == LastRow) ? '0 : head_q + IndexBits'(1);
      if (clear_i) head = tail;
      index = index_q;
      if (taken) index = 2'd2;
      else if (index_q != 2'd0) index = index_q + 2'd1;
      tail_q  <= tail;
      head_q  <= head;
      row_q   <= fetch ? head_q : row_q;
      held_q  <= clear_i ? '0 : held - {9'h0, taken};
      grant_q <= clear_i ? '0 : grant + {9'h0, taken};
      valid_q <= (valid_q || fetch) && !taken && !clear_i;
      index_q <= index;
    end
  end
  assign held_o  = held_q != '0;
  assign grant_o = grant_q;

  lr_ram #(
      .Width(512),
      .Depth(4 * RxDepth)
  ) u_buffer (
      .clk_i,
      .wen_i,
      .waddr_i({tail_q, index_i}),
      .wdata_i(beat_i),
      .ren_i  (read),
      .raddr_i(place),
      .rdata_o(beat_o)
  );

  lr_ram #(
      .Width(5),
      .Depth(RxDepth)
  ) u_meta (
      .clk_i,
      .wen_i  (accept_i),
      .waddr_i(tail_q),
      .wdata_i({slots_i, poison_i}),
      .ren_i  (fetch),
      .raddr_i(head_q),
      .rdata_o({slots_o, poison_o})
  );

  `LR_STATIC(LatencyMatches, lr_link_pkg::DeliverLat == 2 && lr_link_pkg::CreditLat == 1)
  `LR_STATIC(DepthInRange, RxDepth >= 2 && RxDepth <= lr_link_pkg::MaxWindow)
  `LR_ASSUME(AcceptedInRoom, !accept_i || room_o)
  `LR_ASSERT(HeldInDepth, held_q <= 10'(RxDepth))
endmodule
