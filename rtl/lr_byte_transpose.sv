// SPDX-License-Identifier: Apache-2.0
// rtl/lr_byte_transpose.sv
// Reads 64 bytes as a matrix of Rows rows and hands out its columns one after the other.
//
// Latency       0 clocks: wires only.
// Throughput    64 bytes a clock.
// Backpressure  None.
// Reset         None.
// Errors        None.
// Not here      Which matrix it is: Rows = 64 / lanes stripes a beat, Rows = lanes undoes it.
//
// Written as exchanges of byte-index bits between eight 64-bit words, which a simulator does in few
// word operations; hardware sees a permutation.
`include "lr_assert.svh"
module lr_byte_transpose #(
    parameter int unsigned Rows = 4  // 4, 8 or 16
) (
    input  logic [511:0] data_i,
    output logic [511:0] data_o
);
  `LR_STATIC(RowsAllowed, Rows == 4 || Rows == 8 || Rows == 16)

  localparam logic [63:0] Mask8 = 64'h00FF00FF00FF00FF;
  localparam logic [63:0] Mask16 = 64'h0000FFFF0000FFFF;
  localparam logic [63:0] Mask32 = 64'h00000000FFFFFFFF;

  // Exchanges the halves that differ in one bit of the byte index: high cells of a with low cells
  // of b.
  `define LR_SWAP(a, b, t, shift, mask) \
  t = ((a >> shift) ^ b) & mask; \
  b = b ^ t; \
  a = a ^ (t << shift);

  always_comb begin
    logic [63:0] x0, x1, x2, x3, x4, x5, x6, x7, t;
    if (Rows == 16) begin
      // Word w = (r3 r2 r1 r0): quad index (r1 r0 r3), r2 picks the half.
      x0 = {data_i[4*32+:32], data_i[0*32+:32]};
      x1 = {data_i[12*32+:32], data_i[8*32+:32]};
      x2 = {data_i[5*32+:32], data_i[1*32+:32]};
      x3 = {data_i[13*32+:32], data_i[9*32+:32]};
      x4 = {data_i[6*32+:32], data_i[2*32+:32]};
      x5 = {data_i[14*32+:32], data_i[10*32+:32]};
      x6 = {data_i[7*32+:32], data_i[3*32+:32]};
      x7 = {data_i[15*32+:32], data_i[11*32+:32]};
    end else begin
      x0 = data_i[0*64+:64];
      x1 = data_i[1*64+:64];
      x2 = data_i[2*64+:64];
      x3 = data_i[3*64+:64];
      x4 = data_i[4*64+:64];
      x5 = data_i[5*64+:64];
      x6 = data_i[6*64+:64];
      x7 = data_i[7*64+:64];
    end
    if (Rows == 8) begin
      `LR_SWAP(x0, x4, t, 32, Mask32)
      `LR_SWAP(x1, x5, t, 32, Mask32)
      `LR_SWAP(x2, x6, t, 32, Mask32)
      `LR_SWAP(x3, x7, t, 32, Mask32)
      `LR_SWAP(x0, x2, t, 16, Mask16)
      `LR_SWAP(x1, x3, t, 16, Mask16)
      `LR_SWAP(x4, x6, t, 16, Mask16)
      `LR_SWAP(x5, x7, t, 16, Mask16)
      `LR_SWAP(x0, x1, t, 8, Mask8)
      `LR_SWAP(x2, x3, t, 8, Mask8)
      `LR_SWAP(x4, x5, t, 8, Mask8)
      `LR_SWAP(x6, x7, t, 8, Mask8)
    end else begin
      `LR_SWAP(x0, x4, t, 16, Mask16)
      `LR_SWAP(x1, x5, t, 16, Mask16)
      `LR_SWAP(x2, x6, t, 16, Mask16)
      `LR_SWAP(x3, x7, t, 16, Mask16)
      `LR_SWAP(x0, x2, t, 8, Mask8)
      `LR_SWAP(x1, x3, t, 8, Mask8)
      `LR_SWAP(x4, x6, t, 8, Mask8)
      `LR_SWAP(x5, x7, t, 8, Mask8)
    end
    if (Rows == 4) begin
      // Quad (c1 c0 c3), half c2: output word (c3 c2 c1 c0).
      data_o = {
        x7[63:32],
        x5[63:32],
        x3[63:32],
        x1[63:32],
        x7[31:0],
        x5[31:0],
        x3[31:0],
        x1[31:0],
        x6[63:32],
        x4[63:32],
        x2[63:32],
        x0[63:32],
        x6[31:0],
        x4[31:0],
        x2[31:0],
        x0[31:0]
      };
    end else begin
      data_o = {x7, x6, x5, x4, x3, x2, x1, x0};
    end
  end
  `undef LR_SWAP
endmodule
