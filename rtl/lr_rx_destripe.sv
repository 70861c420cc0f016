// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_destripe.sv
// Undoes lr_tx_stripe: the bytes of the logical lanes in use become a chunk, chunks a beat.
//
// Latency       Word that completes a beat to beat_o: 0 clocks.
// Throughput    One word of all lanes a clock, 1 << shift_i words a beat.
// Backpressure  None.
// Reset         None: the first chunk of a beat starts anew.
// Errors        None.
// Not here      Lane map and descrambling (lr_rx_path).
module lr_rx_destripe #(
    parameter int unsigned Lanes = 16  // 4, 8 or 16
) (
    input  logic         clk_i,
    input  logic         flit_i,
    input  logic [  3:0] index_i,  // word of the flit
    input  logic [511:0] word_i,   // logical lane l at bits [l * 512 / Lanes +: 512 / Lanes]
    input  logic [  1:0] shift_i,  // 0 full, 1 half, 2 quarter width
    output logic         valid_o,
    output logic [  1:0] index_o,  // with valid_o
    output logic [511:0] beat_o    // with valid_o
);
  localparam int unsigned Rows = 64 / Lanes;  // bytes of a lane a word

  logic [511:0] wide;
  lr_byte_transpose #(
      .Rows(Lanes)
  ) u_destripe (
      .data_i(word_i),
      .data_o(wide)
  );

  // The first W of each `Lanes` bytes count.
  function automatic logic [255:0] half(logic [511:0] rows);
    for (int unsigned r = 0; r < Rows; r++) half[r*Lanes*4+:Lanes*4] = rows[r*Lanes*8+:Lanes*4];
  endfunction
  function automatic logic [127:0] quarter(logic [511:0] rows);
    for (int unsigned r = 0; r < Rows; r++) begin
      quarter[r*Lanes*2+:Lanes*2] = rows[r*Lanes*8+:Lanes*2];
    end
  endfunction

  if (Lanes > 4) begin : gen_gear
    logic [511:0] part_q;  // chunks of the beat so far
    logic narrow;
    assign narrow = flit_i && shift_i != 2'd0;
    always_comb begin
      beat_o  = wide;
      valid_o = flit_i;
      index_o = index_i[1:0];
      if (narrow) begin
        beat_o = part_q;
        for (int unsigned c = 0; c < 4; c++) begin
          if (shift_i == 2'd1 && index_i[0] == 1'(c)) beat_o[(c%2)*256+:256] = half(wide);
          if (shift_i == 2'd2 && index_i[1:0] == 2'(c)) beat_o[c*128+:128] = quarter(wide);
        end
        valid_o = (shift_i == 2'd1) ? index_i[0] : &index_i[1:0];
        index_o = 2'(index_i >> shift_i);
      end
    end
    always_ff @(posedge clk_i) begin
      if (narrow) part_q <= beat_o;
    end
  end else begin : gen_no_gear
    assign valid_o = flit_i;
    assign index_o = index_i[1:0];
    assign beat_o  = wide;
    logic unused;
    assign unused = ^{clk_i, index_i, shift_i};
  end
endmodule
