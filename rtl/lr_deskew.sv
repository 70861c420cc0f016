// SPDX-License-Identifier: Apache-2.0
// rtl/lr_deskew.sv
// Finds how far each lane lags: one marker count is named as the target, each lane notes when it
// came, and the differences become the reading distances of lr_lane_fifo.
//
//   clock        t        t+1           T              T+1          T+2
//   lane 0       hit
//   target                stands ...                                -
//   last lane                           target's hit
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
    parameter int unsigned Lanes = 16  // 4, 8 or 16
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic                   clear_i,
    input  logic                   seek_i,    // state DESKEW
    input  logic [Lanes-1:0]       hit_i,     // of locked lanes
    input  logic [Lanes-1:0][15:0] count_i,   // with hit_i
    output logic [Lanes-1:0][ 3:0] delay_o,
    output logic                   aligned_o
);
  localparam int unsigned Words = Lanes / 4;  // M
  localparam logic [15:0] Ahead = 16'(1 + lr_link_pkg::DeskewWords / Words);

  logic target_valid_d, target_valid_q;
  logic [15:0] target_d, target_q;
  logic [5:0] age_d, age_q;  // clocks since the target stands
  logic [Lanes-1:0] seen_d, seen_q;
  logic [Lanes-1:0][5:0] at_d, at_q;  // age at which the lane's marker came
  logic found_d, found_q;
  logic [Lanes-1:0][3:0] delay_d, delay_q;
  logic aligned_d, aligned_q;
  logic busy;

  assign busy = (seek_i && !aligned_q) || clear_i;

  always_comb begin
    logic [5:0] lag;
    logic near;
    target_valid_d = target_valid_q;
    target_d = target_q;
    age_d = age_q;
    seen_d = seen_q;
    at_d = at_q;
    found_d = found_q;
    delay_d = delay_q;
    aligned_d = aligned_q;
    lag = '0;
    near = 1'b1;
    if (busy) begin
      aligned_d = found_q;
      if (!target_valid_q) begin
        age_d  = '0;
        seen_d = '0;
        if (hit_i[0] && !found_q) begin
          target_valid_d = 1'b1;
          target_d = count_i[0] + Ahead;
        end
      end else begin
        age_d = age_q + 6'd1;
        for (int unsigned l = 0; l < Lanes; l++) begin
          if (hit_i[l] && count_i[l] == target_q) begin
            seen_d[l] = 1'b1;
            at_d[l]   = age_q;
          end
        end
        if (&seen_d) begin
          for (int unsigned l = 0; l < Lanes; l++) begin
            lag = age_q - at_d[l];
            if (lag > 6'd15) near = 1'b0;
            delay_d[l] = lag[3:0] + 4'd1;
          end
        end
        if (&seen_d && near) begin
          found_d = 1'b1;
          target_valid_d = 1'b0;
        end else if (age_q == 6'(lr_link_pkg::DeskewRetry - 1)) begin
          target_valid_d = 1'b0;
        end
      end
      if (clear_i) begin
        target_valid_d = 1'b0;
        found_d = 1'b0;
        aligned_d = 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      target_valid_q <= 1'b0;
      target_q <= '0;
      age_q <= '0;
      seen_q <= '0;
      at_q <= '0;
      found_q <= 1'b0;
      delay_q <= '0;
      aligned_q <= 1'b0;
    end else if (busy) begin
      target_valid_q <= target_valid_d;
      target_q <= target_d;
      age_q <= age_d;
      seen_q <= seen_d;
      at_q <= at_d;
      found_q <= found_d;
      delay_q <= delay_d;
      aligned_q <= aligned_d;
    end
  end

  assign delay_o   = delay_q;
  assign aligned_o = aligned_q && !clear_i;

  `LR_STATIC(LatencyMatches, lr_link_pkg::DeskewLat == 1)
  `LR_STATIC(AgeFits, lr_link_pkg::DeskewRetry == 64)
endmodule
