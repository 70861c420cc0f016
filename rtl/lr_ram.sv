// SPDX-License-Identifier: Apache-2.0
// rtl/lr_ram.sv
// Memory with one write and one read port: the only place where bits are stored in bulk.
//
// Latency       raddr_i to rdata_o: 1 clock; rdata_o holds while ren_i is low. A read of the row
//               that is written in the same clock gives anything.
// Throughput    One write and one read a clock.
// Backpressure  None.
// Reset         None: contents and rdata_o are unknown until written and read.
// Errors        None: parity is the macro's business.
// Not here      Who owns which row (lr_retry_tx, lr_rx_buffer).
module lr_ram #(
    parameter int unsigned Width = 8,  // bits a row
    parameter int unsigned Depth = 16  // rows
) (
    input  logic                     clk_i,
    input  logic                     wen_i,
    input  logic [$clog2(Depth)-1:0] waddr_i,
    input  logic [        Width-1:0] wdata_i,
    input  logic                     ren_i,
    input  logic [$clog2(Depth)-1:0] raddr_i,
    output logic [        Width-1:0] rdata_o
);
  logic [Width-1:0] mem[Depth];

  always_ff @(posedge clk_i) begin
    if (wen_i) mem[waddr_i] <= wdata_i;
  end

  always_ff @(posedge clk_i) begin
    if (ren_i) rdata_o <= mem[raddr_i];
  end
endmodule
