// SPDX-License-Identifier: Apache-2.0
// rtl/lr_fec_pkg.sv
// Arithmetic of the light FEC: GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1, a = x.
package lr_fec_pkg;

  typedef logic [2:0][7:0] groups_t;  // one byte of each group

  // Powers of a, element n is a to the n.
  typedef logic [254:0][7:0] powers_t;
  function automatic powers_t all_powers();
    logic [7:0] r;
    r = 8'h01;
    for (int unsigned n = 0; n < 255; n++) begin
      all_powers[n] = r;
      r = {r[6:0], 1'b0} ^ (r[7] ? 8'h1D : 8'h00);
    end
  endfunction
  localparam powers_t Power = all_powers();

  // Product with a constant c: one bit of r a row.
  function automatic logic [7:0] times(logic [7:0] r, logic [7:0] c);
    logic [7:0] row;
    row   = c;
    times = '0;
    for (int unsigned b = 0; b < 8; b++) begin
      if (r[b]) times = times ^ row;
      row = {row[6:0], 1'b0} ^ (row[7] ? 8'h1D : 8'h00);
    end
  endfunction

  // 1 / (1 + a), the power of a whose product with it is 1.
  function automatic logic [7:0] inverse_of_three();
    inverse_of_three = '0;
    for (int unsigned n = 0; n < 255; n++) begin
      if (times(8'h03, Power[n]) == 8'h01) inverse_of_three = Power[n];
    end
  endfunction

endpackage
