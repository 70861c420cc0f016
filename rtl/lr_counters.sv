// SPDX-License-Identifier: Apache-2.0
// rtl/lr_counters.sv
// All event counters of an endpoint, 32 bits, saturating, with the shadow that software reads.
//
// Latency       Event at n: counted at n + 1. take_i at n: the shadow shows the counts of n from n + 1 on.
//               address_i to data_o: 0 clocks.
// Throughput    Every counter once a clock.
// Backpressure  None.
// Reset         Async clears counters and shadow; clear_i clears all counters but lost_tx and lost_rx.
// Errors        None: a full counter stays full.
// Not here      The bus (lr_csr).
module lr_counters #(
  parameter int unsigned Lanes = 16  // 4, 8 or 16
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  clear_i,
  input  lr_rtl_pkg::count_t    count_i,
  input  logic                  crd_invalid_i,  // a second one in the same clock
  input  logic                  lost_tx_i,
  input  logic [9:0]            lost_tx_count_i,
  input  logic                  lost_rx_i,
  input  logic [10:0]           lost_rx_count_i,
  input  logic                  lanes_i,        // bip_i or missed_i hold something
  input  logic [Lanes-1:0][3:0] bip_i,
  input  logic [Lanes-1:0]      missed_i,
  input  logic                  take_i,
  input  logic                  read_i,         // data_o is looked at
  input  logic [7:0]            address_i,
  output logic [31:0]           data_o
);
  import lr_rtl_pkg::*;
  localparam int unsigned CrdInvalid = 19;

  logic [Counters-1:0][31:0] count_d, count_q, shadow_q;
  logic [Lanes-1:0][31:0] bip_d, bip_q, bip_shadow_q;
  logic [Lanes-1:0][31:0] missed_d, missed_q, missed_shadow_q;
  logic [SimpleCounters-1:0] event_bits;
  logic any;
  assign event_bits = count_i;
  assign any = event_bits != '0 || clear_i || lost_tx_i || lost_rx_i;

  function automatic logic [31:0] add(logic [31:0] count, logic [10:0] step);
    logic [32:0] sum;
    sum = {1'b0, count} + {22'h0, step};
    return sum[32] ? 32'hFFFF_FFFF : sum[31:0];
  endfunction

  always_comb begin
    count_d = count_q;
    if (any) begin
      for (int unsigned i = 0; i < SimpleCounters; i++) begin
        if (event_bits[i]) begin
          count_d[i] = add(count_q[i], (i == CrdInvalid && crd_invalid_i) ? 11'd2 : 11'd1);
        end
        if (clear_i) count_d[i] = '0;
      end
      if (lost_tx_i) count_d[LostTx] = add(count_q[LostTx], {1'b0, lost_tx_count_i});
      if (lost_rx_i) count_d[LostRx] = add(count_q[LostRx], lost_rx_count_i);
    end
  end

  always_comb begin
    bip_d = bip_q;
    missed_d = missed_q;
    if (lanes_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        bip_d[l] = add(bip_q[l], {7'h0, bip_i[l]});
        missed_d[l] = add(missed_q[l], {10'h0, missed_i[l]});
      end
    end
    if (clear_i) begin
      bip_d = '0;
      missed_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
      bip_q <= '0;
      missed_q <= '0;
      shadow_q <= '0;
      bip_shadow_q <= '0;
      missed_shadow_q <= '0;
    end else begin
      if (any) count_q <= count_d;
      if (lanes_i || clear_i) begin
        bip_q <= bip_d;
        missed_q <= missed_d;
      end
      if (take_i) begin
        shadow_q <= count_q;
        bip_shadow_q <= bip_q;
        missed_shadow_q <= missed_q;
      end
    end
  end

  logic [5:0] word;
  assign word = address_i[7:2];
  always_comb begin
    data_o = '0;
    if (read_i) begin
      for (int unsigned i = 0; i < Counters; i++) begin
        if (word == 6'(i)) data_o = shadow_q[i];
      end
      for (int unsigned l = 0; l < Lanes; l++) begin
        if (word == 6'(32 + l)) data_o = bip_shadow_q[l];
        if (word == 6'(48 + l)) data_o = missed_shadow_q[l];
      end
    end
  end

  logic unused_address;
  assign unused_address = ^address_i[1:0];
endmodule
