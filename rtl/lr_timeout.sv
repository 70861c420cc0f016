// SPDX-License-Identifier: Apache-2.0
// rtl/lr_timeout.sv
// Length of a retry timeout: the register's value, the default for 0, never below the round trip.
//
// Latency       0 clocks.
// Throughput    One value a clock.
// Backpressure  None.
// Reset         None.
// Errors        None.
// Not here      The timers (lr_rx_order, lr_retry_tx).
module lr_timeout (
    input  logic [31:0] round_trip_i,  // flit times
    input  logic [15:0] value_i,       // flit times, 0 = default
    input  logic [ 1:0] shift_i,       // width of the narrower direction: 0 full, 1 half, 2 quarter
    output logic [33:0] clocks_o
);
  logic [31:0] quarter, times, least;
  always_comb begin
    quarter = {2'b00, round_trip_i[31:2]} + {31'h0, |round_trip_i[1:0]};
    least   = 32'd4 << shift_i;
    if (quarter < least) quarter = least;
    if (value_i == '0) times = round_trip_i + quarter;
    else if ({16'h0, value_i} < round_trip_i) times = round_trip_i;
    else times = {16'h0, value_i};
    clocks_o = {times, 2'b00};
  end
endmodule
