// SPDX-License-Identifier: Apache-2.0
// rtl/lr_crc16_beat.sv
// CRC x^16 + x^15 + x^2 + 1 of one half of a flit, two beats of 64 bytes; the last two bytes of the
// second beat, where the CRC is stored, count as zero.
//
// Latency       Second beat to crc_o: 1 clock; crc_o holds for that clock and is zero in others.
// Throughput    One beat a clock.
// Backpressure  valid_i low holds everything.
// Reset         None: the first beat of a half starts anew.
// Errors        None.
// Not here      Insertion (lr_tx_path) and comparison (lr_rx_path).
//
// FastCoding = 1 splits p = (x + 1)(x^15 + x + 1). Modulo the second factor x^16 = x^2 + x, and so
// for any power of two n also x^16n = x^2n + x^n: the 32 words of a half fold to 16 words, those to
// 16 half words, and so on to 16 bits; modulo x + 1 the remainder is the parity. FastCoding = 0 is
// one mask for each CRC bit.
module lr_crc16_beat #(
    parameter bit FastCoding = 1'b1  // 1: simulation body
) (
    input  logic         clk_i,
    input  logic         valid_i,
    input  logic         second_i,  // second beat of the half
    input  logic         ones_i,    // the half starts from 0xFFFF, not 0
    input  logic [511:0] beat_i,
    output logic [ 15:0] crc_o
);
  typedef logic [15:0][511:0] mask_t;
  typedef logic [15:0][15:0] jump_t;

  function automatic logic [15:0] times_x(logic [15:0] r);
    return {r[14:0], 1'b0} ^ (r[15] ? 16'h8005 : 16'h0);
  endfunction

  // Row b: the beat's bits whose sum is CRC bit b.
  function automatic mask_t beat_mask();
    logic [15:0] r;
    r = 16'h8005;
    for (int k = 511; k >= 0; k--) begin
      for (int b = 0; b < 16; b++) beat_mask[b][k] = r[b];
      r = times_x(r);
    end
  endfunction

  // Row b: the bits of the CRC 512 bits earlier whose sum is CRC bit b.
  function automatic jump_t crc_mask();
    logic [15:0] r;
    for (int i = 0; i < 16; i++) begin
      r = 16'h1 << i;
      for (int k = 0; k < 512; k++) r = times_x(r);
      for (int b = 0; b < 16; b++) crc_mask[b][i] = r[b];
    end
  endfunction

  logic ready_d, ready_q;
  assign ready_d = valid_i && second_i;
  always_ff @(posedge clk_i) begin
    ready_q <= ready_d;
  end

  if (FastCoding) begin : gen_fast
    logic [511:0] fold_d, fold_q;
    logic [127:0] sum_d, sum_q;  // same parity as all bits so far

    always_comb begin
      logic [31:0] a14, a15;
      a14 = '0;
      a15 = '0;
      if (!valid_i) begin
        fold_d = '0;
        sum_d  = '0;
      end else if (!second_i) begin
        fold_d = beat_i;
        fold_d[15:0] = beat_i[15:0] ^ {16{ones_i}};
        sum_d = beat_i[127:0] ^ beat_i[255:128] ^ beat_i[383:256] ^ beat_i[511:384];
      end else begin
        // First bits on the wire are the highest powers: word 0 is W^31, W = x^32.
        a14 = fold_q[14*32+:32] ^ fold_q[0*32+:32];
        a15 = fold_q[15*32+:32] ^ fold_q[0*32+:32] ^ fold_q[1*32+:32];
        for (int unsigned i = 0; i < 13; i++) begin
          fold_d[i*32+:32] = beat_i[i*32+:32] ^ fold_q[(i+1)*32+:32] ^
              ((i == 12) ? a14 : fold_q[(i+2)*32+:32]);
        end
        fold_d[13*32+:32] = beat_i[13*32+:32] ^ a14 ^ a15;
        fold_d[14*32+:32] = beat_i[14*32+:32] ^ a15;
        fold_d[15*32+:32] = {16'h0, beat_i[495:480]};
        sum_d = sum_q ^ beat_i[127:0] ^ beat_i[255:128] ^ beat_i[383:256] ^
            {16'h0, beat_i[495:384]};
      end
    end

    always_ff @(posedge clk_i) begin
      if (valid_i) begin
        fold_q <= fold_d;
        sum_q  <= sum_d;
      end
    end

    // a holds the high powers (the low bits), b the low ones; each level halves the polynomial.
    always_comb begin
      logic [63:0] a0, a1, a2, a3, c0, c1, c2, c3, top;
      logic [31:0] d, e;
      logic [15:0] f, g, h;
      logic parity;
      {a0, a1, a2, a3, c0, c1, c2, c3, top} = '0;
      {d, e} = '0;
      {f, g, h} = '0;
      parity = 1'b0;
      crc_o = '0;
      if (ready_q) begin
        // Cells of 16 bits: 0-15 in a, 16-31 in b.
        a0 = fold_q[0*64+:64];
        a1 = fold_q[1*64+:64];
        a2 = fold_q[2*64+:64];
        a3 = fold_q[3*64+:64];
        a3 = a3 ^ {a0[15:0] ^ a0[31:16], a0[15:0], 32'h0};
        c0 = fold_q[4*64+:64] ^ {a1[15:0], a0[63:16]} ^ {a1[31:0], a0[63:32]};
        c1 = fold_q[5*64+:64] ^ {a2[15:0], a1[63:16]} ^ {a2[31:0], a1[63:32]};
        c2 = fold_q[6*64+:64] ^ {a3[15:0], a2[63:16]} ^ {a3[31:0], a2[63:32]};
        c3 = fold_q[7*64+:64] ^ (a3 >> 16) ^ (a3 >> 32);
        // Cells of 8 bits: a = {c1, c0}, b = {c3, c2}.
        c1 = c1 ^ {c0[7:0] ^ c0[15:8], c0[7:0], 48'h0};
        a0 = c2 ^ {c1[7:0], c0[63:8]} ^ {c1[15:0], c0[63:16]};
        a1 = c3 ^ (c1 >> 8) ^ (c1 >> 16);
        // Cells of 4 bits: a = a0, b = a1.
        a0 = a0 ^ {a0[3:0] ^ a0[7:4], a0[3:0], 56'h0};
        top = a1 ^ (a0 >> 4) ^ (a0 >> 8);
        // Cells of 2 bits.
        d = top[31:0] ^ {top[1:0] ^ top[3:2], top[1:0], 28'h0};
        e = top[63:32] ^ (d >> 2) ^ (d >> 4);
        // Single bits.
        f = e[15:0] ^ {e[0] ^ e[1], e[0], 14'h0};
        g = e[31:16] ^ (f >> 1) ^ (f >> 2);
        // Times x^16, once more by the same rule (b = 0), then x^15 = x + 1 takes the last power
        // away.
        f = g ^ {g[0] ^ g[1], g[0], 14'h0};
        g = (f >> 1) ^ (f >> 2);
        h = {<<{g}};
        h = h ^ (h[15] ? 16'h8003 : 16'h0);
        // Chinese remainder: add the second factor where the parity asks for it.
        parity = ^sum_q ^ ^h;
        crc_o = h ^ (parity ? 16'h8003 : 16'h0);
      end
    end
  end else begin : gen_synthesis
    localparam mask_t BeatMask = beat_mask();
    localparam jump_t CrcMask = crc_mask();

    logic [15:0] crc_d, crc_q, start;
    logic [511:0] beat;

    assign start = second_i ? crc_q : {16{ones_i}};
    assign beat  = {second_i ? 16'h0 : beat_i[511:496], beat_i[495:0]};
    for (genvar b = 0; b < 16; b++) begin : gen_bit
      assign crc_d[b] = ^(beat & BeatMask[b]) ^ ^(start & CrcMask[b]);
    end

    always_ff @(posedge clk_i) begin
      if (valid_i) crc_q <= crc_d;
    end
    assign crc_o = ready_q ? crc_q : '0;
  end
endmodule
