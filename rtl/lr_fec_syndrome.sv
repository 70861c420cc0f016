// SPDX-License-Identifier: Apache-2.0
// rtl/lr_fec_syndrome.sv
// Both syndromes of each group of the light FEC over one flit: byte i belongs to group i mod 3 and
// weighs a^(i div 3).
//
// Latency       Beat 3 to sum_o and weighted_o: 1 clock; they hold until the next beat.
// Throughput    One beat a clock.
// Backpressure  valid_i low holds the sums.
// Reset         None: beat 0 starts anew.
// Errors        None.
// Not here      What a syndrome says (lr_fec_enc, lr_fec_dec).
//
// Three bytes in a row, one a group, weigh the same. a^8n = a^4n + a^3n + a^2n + 1 for n = 2, 1
// folds the 22 of them in a beat to 8 without a multiplier, multiplications by a^4, a^2 and a these
// to one.
module lr_fec_syndrome (
    input  logic                        clk_i,
    input  logic                        valid_i,
    input  logic                [  1:0] index_i,
    input  logic                [511:0] beat_i,
    output lr_fec_pkg::groups_t         sum_o,      // sum of the bytes
    output lr_fec_pkg::groups_t         weighted_o  // ... each times its weight
);
  import lr_fec_pkg::*;

  groups_t sum_d, sum_q, weighted_d, weighted_q;

  // Of the bytes of this beat: byte j in group j mod 3 with the weight a^(j div 3).
  groups_t part, heavy;
  always_comb begin
    logic [383:0] v;
    logic [287:0] y;
    logic [191:0] z, s;
    logic [95:0] q, s96;
    logic [47:0] r, s48, h;
    logic [95:0] h96;
    logic [23:0] h24;
    part = '0;
    heavy = '0;
    {v, y, z, s, q, s96, r, s48, h, h96, h24} = '0;
    if (valid_i) begin
      v = beat_i[383:0] ^ {256'h0, beat_i[511:384]};
      s = v[191:0] ^ v[383:192];
      s96 = s[95:0] ^ s[191:96];
      s48 = s96[47:0] ^ s96[95:48];
      part = s48[23:0] ^ s48[47:24];

      // Triples 16 to 21, then 12 to 15, then 8 to 11 go to lower ones.
      v = beat_i[383:0] ^ {256'h0, beat_i[511:384]} ^ {160'h0, beat_i[511:384], 96'h0} ^
          {112'h0, beat_i[511:384], 144'h0} ^ {64'h0, beat_i[511:384], 192'h0};
      y = v[287:0] ^ {v[383:288], 192'h0} ^ {24'h0, v[383:288], 168'h0} ^
          {48'h0, v[383:288], 144'h0} ^ {96'h0, v[383:288], 96'h0};
      z = y[191:0] ^ {y[287:192], 96'h0} ^ {24'h0, y[287:192], 72'h0} ^
          {48'h0, y[287:192], 48'h0} ^ {96'h0, y[287:192]};
      // Bits that a multiplication moves out of a byte come back times 0x1D.
      h96 = (z[191:96] >> 4) & {12{8'h0F}};
      q = z[95:0] ^ ((z[191:96] & {12{8'h0F}}) << 4) ^ h96 ^ (h96 << 2) ^ (h96 << 3) ^ (h96 << 4);
      h = (q[95:48] >> 6) & {6{8'h03}};
      r = q[47:0] ^ ((q[95:48] & {6{8'h3F}}) << 2) ^ h ^ (h << 2) ^ (h << 3) ^ (h << 4);
      h24 = (r[47:24] >> 7) & {3{8'h01}};
      heavy = r[23:0] ^ ((r[47:24] & {3{8'h7F}}) << 1) ^ h24 ^ (h24 << 2) ^ (h24 << 3) ^ (h24 << 4);
    end
  end

  // 64 = 3 * 21 + 1: each beat begins one group further.
  always_comb begin
    sum_d = sum_q;
    weighted_d = weighted_q;
    unique case (index_i)
      2'd0: begin
        sum_d = part;
        weighted_d = heavy;
      end
      2'd1: begin
        sum_d = sum_q ^ {part[1], part[0], part[2]};
        weighted_d[0] = weighted_q[0] ^ times(heavy[2], Power[22]);
        weighted_d[1] = weighted_q[1] ^ times(heavy[0], Power[21]);
        weighted_d[2] = weighted_q[2] ^ times(heavy[1], Power[21]);
      end
      2'd2: begin
        sum_d = sum_q ^ {part[0], part[2], part[1]};
        weighted_d[0] = weighted_q[0] ^ times(heavy[1], Power[43]);
        weighted_d[1] = weighted_q[1] ^ times(heavy[2], Power[43]);
        weighted_d[2] = weighted_q[2] ^ times(heavy[0], Power[42]);
      end
      default: begin
        sum_d = sum_q ^ part;
        weighted_d[0] = weighted_q[0] ^ times(heavy[0], Power[64]);
        weighted_d[1] = weighted_q[1] ^ times(heavy[1], Power[64]);
        weighted_d[2] = weighted_q[2] ^ times(heavy[2], Power[64]);
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      sum_q <= sum_d;
      weighted_q <= weighted_d;
    end
  end
  assign sum_o = sum_q;
  assign weighted_o = weighted_q;
endmodule
