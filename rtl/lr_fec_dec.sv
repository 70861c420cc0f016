// SPDX-License-Identifier: Apache-2.0
// rtl/lr_fec_dec.sv
// Light FEC, decoder: keeps a flit until its syndromes are known and corrects one wrong byte a
// group; a group whose syndromes name no byte of it stays as it is.
//
//   clock     u              u + 1        u + 2        u + 3 ... u + 5
//   beat 3    valid_i        syndromes    beat 0 out   beats 1 to 3 out
//
// Latency       Last beat to beat 0: 2 clocks, to beat 3: 5.
// Throughput    One beat a clock; beats may come with gaps, a flit leaves without any.
// Backpressure  None.
// Reset         Async on the controls; a flit cut short leaves no trace.
// Errors        groups_o names the groups that were corrected; whether that was right the CRC says.
// Not here      CRC.
`include "lr_assert.svh"
module lr_fec_dec (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         valid_i,
    input  logic [  1:0] index_i,
    input  logic [511:0] beat_i,
    output logic         valid_o,
    output logic [  1:0] index_o,
    output logic [511:0] beat_o,   // with valid_o
    output logic [  2:0] groups_o  // with valid_o: corrected groups of this flit
);
  import lr_fec_pkg::*;

  // While a flit leaves, the next one comes.
  logic [511:0] ring[8];
  logic row_d, row_q;  // half of the ring that is written
  logic last_d, last_q;
  logic out_d, out_q;
  logic [1:0] index_d, index_q;

  assign last_d  = valid_i && index_i == 2'd3;
  assign row_d   = row_q ^ last_d;
  assign out_d   = last_q || (out_q && index_q != 2'd3);
  assign index_d = last_q ? 2'd0 : index_q + 2'd1;
  always_ff @(posedge clk_i) begin
    if (valid_i) ring[{row_q, index_i}] <= beat_i;
  end

  groups_t sum, weighted;
  lr_fec_syndrome u_syndrome (
      .clk_i,
      .valid_i,
      .index_i,
      .beat_i,
      .sum_o     (sum),
      .weighted_o(weighted)
  );

  // Byte i is wrong by its group's sum if that has the byte's weight.
  logic wrong;
  logic [255:0] at_d, at_q;
  groups_t value_q;
  logic [2:0] groups_d, groups_q;
  assign wrong = sum != '0 && weighted != '0;
  always_comb begin
    at_d = '0;
    groups_d = '0;
    if (last_q && wrong) begin
      for (int unsigned i = 0; i < 256; i++) begin
        at_d[i] = sum[i%3] != '0 && times(sum[i%3], Power[i/3]) == weighted[i%3];
      end
      for (int unsigned i = 0; i < 256; i++) begin
        if (at_d[i]) groups_d[i%3] = 1'b1;
      end
    end
  end

  logic out_row_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      row_q <= 1'b0;
      last_q <= 1'b0;
      out_q <= 1'b0;
      index_q <= '0;
      groups_q <= '0;
      out_row_q <= 1'b0;
    end else begin
      row_q   <= row_d;
      last_q  <= last_d;
      out_q   <= out_d;
      index_q <= index_d;
      if (last_q) begin
        groups_q  <= groups_d;
        out_row_q <= !row_q;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (last_q && wrong) begin
      at_q <= at_d;
      value_q <= sum;
    end
  end

  always_comb begin
    beat_o = ring[{out_row_q, index_q}];
    if (groups_q != '0) begin
      for (int unsigned b = 0; b < 4; b++) begin
        if (index_q == 2'(b)) begin
          for (int unsigned j = 0; j < 64; j++) begin
            if (at_q[64*b+j]) beat_o[8*j+:8] = beat_o[8*j+:8] ^ value_q[(64*b+j)%3];
          end
        end
      end
    end
  end
  assign valid_o  = out_q;
  assign index_o  = index_q;
  assign groups_o = groups_q;

  `LR_STATIC(LatencyMatches, lr_link_pkg::FecRxLat == 5)
  `LR_ASSUME(FlitsDoNotOverlap, !last_q || !out_q || index_q == 2'd3)
endmodule
