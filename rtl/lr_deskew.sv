// SPDX-License-Identifier: Apache-2.0
// rtl/lr_deskew.sv
// Finds how far each lane lags: one marker count is named as the target, each lane notes when it
// came, and the differences become the reading distances of lr_lane_fifo. Lanes in use are waited
// for; good ones that are not used are aligned with them if they came in time.
//
//   clock        t        t+1           T              T+1          T+2
//   lowest used  hit
//   target                stands ...                                -
//   last used                           target's hit
//   delay_o                                            stands       read
//   aligned_o                                                       stands
//
// Latency       Target's marker on the last lane at T: aligned_o at T + 2.
// Throughput    One attempt each DeskewRetry clocks.
// Backpressure  None.
// Reset         Async; clear_i (first clock of LOCK, dark states) drops everything at once.
// Errors        Lanes further apart than 15 words: the target lapses and is sought anew.
// Not here      The words (lr_lane_fifo).
`include "lr_assert.svh"
module lr_deskew #(
    parameter int unsigned Lanes    = 16,  // physical
    parameter int unsigned LaneBits = 32
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic                   clear_i,
    input  logic                   seek_i,       // state DESKEW
    input  logic [Lanes-1:0]       hit_i,        // of locked lanes
    input  logic [Lanes-1:0][15:0] count_i,      // with hit_i
    input  logic [Lanes-1:0][ 7:0] shown_i,      // with hit_i: logical lane
    input  logic [Lanes-1:0]       signal_ok_i,
    input  logic [Lanes-1:0]       good_i,       // own bitmap
    input  logic [Lanes-1:0]       used_i,       // receive map
    input  logic [Lanes-1:0][ 7:0] logical_i,
    output logic [Lanes-1:0][ 4:0] delay_o,
    output logic [Lanes-1:0]       measured_o,   // aligned lanes
    output logic                   aligned_o
);
  localparam int unsigned Words = 128 / LaneBits;  // M
  localparam logic [15:0] Ahead = 16'(1 + lr_link_pkg::DeskewWords / Words);

  logic target_valid_q;
  logic [15:0] target_q;
  logic [5:0] age_q;  // clocks since the target stands
  logic [Lanes-1:0] seen_q;
  logic [Lanes-1:0][5:0] at_q;  // age at which the lane's marker came
  logic found_q;
  logic [Lanes-1:0][4:0] delay_q;
  logic [Lanes-1:0] measured_q;
  logic aligned_q;
  logic busy;

  assign busy = (seek_i && !aligned_q) || clear_i;

  // A used lane must show the number that the map gives it.
  logic [Lanes-1:0] hit;
  logic lead_hit;
  logic [15:0] lead_count;
  always_comb begin
    hit = '0;
    lead_hit = 1'b0;
    lead_count = '0;
    if (busy) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        hit[l] = hit_i[l] && (used_i[l] ? shown_i[l] == logical_i[l] : good_i[l]);
      end
      for (int l = int'(Lanes) - 1; l >= 0; l--) begin
        if (used_i[l]) begin
          lead_hit   = hit[l];
          lead_count = count_i[l];
        end
      end
    end
  end

  // All of it moves in training alone, so next values are made where they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic [Lanes-1:0] seen;
    logic [Lanes-1:0][5:0] at;
    logic [Lanes-1:0][4:0] delay;
    logic [Lanes-1:0] measured;
    logic [5:0] lag;
    logic near;
    if (!rst_ni) begin
      target_valid_q <= 1'b0;
      target_q <= '0;
      age_q <= '0;
      seen_q <= '0;
      at_q <= '0;
      found_q <= 1'b0;
      delay_q <= '0;
      aligned_q <= 1'b0;
      measured_q <= '0;
    end else if (busy) begin
      aligned_q  <= found_q;
      measured_q <= measured_q & signal_ok_i;
      if (!target_valid_q) begin
        age_q  <= '0;
        seen_q <= '0;
        if (lead_hit && !found_q) begin
          target_valid_q <= 1'b1;
          target_q <= lead_count + Ahead;
        end
      end else begin
        seen  = seen_q;
        at    = at_q;
        delay = delay_q;
        near  = 1'b1;
        for (int unsigned l = 0; l < Lanes; l++) begin
          if (hit[l] && count_i[l] == target_q) begin
            seen[l] = 1'b1;
            at[l]   = age_q;
          end
        end
        if ((seen & used_i) == used_i) begin
          measured = seen & signal_ok_i;
          for (int unsigned l = 0; l < Lanes; l++) begin
            lag = age_q - at[l];
            if (lag > 6'd15) begin
              measured[l] = 1'b0;
              if (used_i[l]) near = 1'b0;
            end
            delay[l] = {1'b0, lag[3:0]} + 5'd1;
          end
          measured_q <= measured;
        end
        age_q   <= age_q + 6'd1;
        seen_q  <= seen;
        at_q    <= at;
        delay_q <= delay;
        if ((seen & used_i) == used_i && near) begin
          found_q <= 1'b1;
          target_valid_q <= 1'b0;
        end else if (age_q == 6'(lr_link_pkg::DeskewRetry - 1)) begin
          target_valid_q <= 1'b0;
        end
      end
      if (clear_i) begin
        target_valid_q <= 1'b0;
        found_q <= 1'b0;
        aligned_q <= 1'b0;
        measured_q <= '0;
      end
    end else if ((measured_q & ~signal_ok_i) != '0) begin
      measured_q <= measured_q & signal_ok_i;
    end
  end

  assign delay_o = delay_q;
  assign measured_o = measured_q;
  assign aligned_o = aligned_q && !clear_i;

  `LR_STATIC(LatencyMatches, lr_link_pkg::DeskewLat == 1)
  `LR_ASSERT(UsedLanesMeasured, !aligned_o || (used_i & ~measured_q) == '0)
  `LR_STATIC(AgeFits, lr_link_pkg::DeskewRetry == 64)
endmodule
