// SPDX-License-Identifier: Apache-2.0
// rtl/lr_endpoint.sv
// One end of the optical link.
module lr_endpoint #(
  parameter int unsigned Lanes       = 16,   // 4, 8 or 16 wavelengths in each direction
  parameter int unsigned ReplayDepth = 511,  // flits in the retry buffer; CSR window lowers it
  parameter int unsigned RxDepth     = 511,  // flits in each receive buffer; CSR rx_depth lowers it
  parameter bit          FastCoding  = 1'b1  // 1: simulation bodies of CRC and scrambler
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic [1:0]               tx_valid_i,
  output logic [1:0]               tx_ready_o,
  input  logic [1:0][3:0]          tx_slots_i,
  input  logic [1:0]               tx_poison_i,
  input  logic [1:0][511:0]        tx_beat_i,
  output logic [1:0]               rx_valid_o,
  input  logic [1:0]               rx_ready_i,
  output logic [1:0][3:0]          rx_slots_o,
  output logic [1:0]               rx_poison_o,
  output logic [1:0][511:0]        rx_beat_o,
  output logic [511:0]             tx_word_o,
  output logic                     tx_light_o,
  input  logic [511:0]             rx_word_i,
  input  logic [Lanes-1:0]         signal_ok_i,
  output logic [Lanes-1:0]         slip_o,
  input  logic                     psel_i,
  input  logic                     penable_i,
  input  logic                     pwrite_i,
  input  logic [11:0]              paddr_i,
  input  logic [31:0]              pwdata_i,
  input  logic [3:0]               pstrb_i,
  output logic [31:0]              prdata_o,
  output logic                     pready_o,
  output logic                     pslverr_o,
  output logic                     irq_o,
  output lr_link_pkg::trace_t      trace_o
);
  logic unused;
  assign unused = ^{clk_i, rst_ni, tx_valid_i, tx_slots_i, tx_poison_i, tx_beat_i, rx_ready_i,
      rx_word_i, signal_ok_i, psel_i, penable_i, pwrite_i, paddr_i, pwdata_i, pstrb_i,
      ReplayDepth[0], RxDepth[0], FastCoding};
  assign tx_ready_o = '0;
  assign rx_valid_o = '0;
  assign rx_slots_o = '0;
  assign rx_poison_o = '0;
  assign rx_beat_o = '0;
  assign tx_word_o = '0;
  assign tx_light_o = '0;
  assign slip_o = '0;
  assign prdata_o = '0;
  assign pready_o = '1;
  assign pslverr_o = '0;
  assign irq_o = '0;
  assign trace_o = '0;
endmodule
