// SPDX-License-Identifier: Apache-2.0
// rtl/lr_ber_estimate.sv
// Bit error rate of every receive lane from its BIP errors: sums of BerIntervals comparisons, read
// with the saturation of parity taken out (docs/link-layer.md, 13.1).
//
// Latency       The last comparison at n: the sum stands at n + 1. lane_i to data_o: 0 clocks.
// Throughput    One comparison of every lane a clock.
// Backpressure  None.
// Reset         Async; clear_i drops everything, restart_i only what is being summed.
// Errors        More errors than parity can tell are marked as saturated.
// Not here      The comparison (lr_rx_framer), the interval that one parity bit covers (software).
`include "lr_assert.svh"
module lr_ber_estimate #(
    parameter int unsigned Phys = 16  // physical lanes
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i,
    input logic restart_i,
    input logic [Phys-1:0] judged_i,  // lanes whose BIP was compared
    input logic [Phys-1:0][3:0] errors_i,  // with judged_i
    input logic read_i,  // data_o is looked at
    input logic [4:0] lane_i,
    output logic [31:0] data_o  // register; 0 where no lane is
);
  localparam logic [5:0] Last = 6'(lr_link_pkg::BerIntervals - 1);
  localparam int unsigned ParityBits = 8 * lr_link_pkg::BerIntervals;
  typedef logic [255:0][17:0] rows_t;

  // Row e: -ln(1 - 2e/512)/2 in units of 2^-16.
  function automatic rows_t rows();
    rows_t all;
    all = '0;
    for (int unsigned e = 0; e < 256; e++) begin
      all[e] = 18'(int'(-$ln(1.0 - 2.0 * real'(e) / real'(ParityBits)) / 2.0 * 65536.0));
    end
    return all;
  endfunction
  localparam rows_t Lambda = rows();

  typedef struct packed {
    logic       valid;
    logic [9:0] errors;  // of the last full sum
    logic [5:0] count;
    logic [9:0] sum;
  } lane_t;
  lane_t [Phys-1:0] lane_d, lane_q;

  logic work;
  assign work = judged_i != '0 || clear_i || restart_i;
  always_comb begin
    lane_d = '0;
    if (work && !clear_i) begin
      lane_d = lane_q;
      for (int unsigned l = 0; l < Phys; l++) begin
        if (judged_i[l]) begin
          lane_d[l].sum   = lane_q[l].sum + {6'h0, errors_i[l]};
          lane_d[l].count = lane_q[l].count + 6'd1;
          if (lane_q[l].count == Last) begin
            lane_d[l].valid  = 1'b1;
            lane_d[l].errors = lane_d[l].sum;
            lane_d[l].sum    = '0;
          end
        end
        if (restart_i) begin
          lane_d[l].sum   = '0;
          lane_d[l].count = '0;
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) lane_q <= '0;
    else if (work) lane_q <= lane_d;
  end

  always_comb begin
    logic valid;
    logic [9:0] errors;
    logic saturated;
    data_o = '0;
    valid = 1'b0;
    errors = '0;
    saturated = 1'b0;
    if (read_i) begin
      for (int unsigned l = 0; l < Phys; l++) begin
        if (lane_i == 5'(l)) {valid, errors} = {lane_q[l].valid, lane_q[l].errors};
      end
      saturated = errors[9:8] != '0;
      data_o[31] = valid;
      data_o[30] = saturated;
      data_o[17:0] = Lambda[saturated?8'd255 : errors[7:0]];
    end
  end

  `LR_STATIC(CountFits, lr_link_pkg::BerIntervals == 64)
endmodule
