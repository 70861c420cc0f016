// SPDX-License-Identifier: Apache-2.0
// rtl/lr_lane_fifo.sv
// The last words of every lane: deskew reads each lane at its own distance, of 16 words at most;
// lane search looks for markers in the newest words, hunting in those that deskew reads.
//
// Latency       word_i to word_o: delay_i[l] clocks (1 to 16). Marker outputs: 0 clocks from word_i
//               and word_o.
// Throughput    One word of each lane a clock.
// Backpressure  None: words are written each clock.
// Reset         The position only; words are looked at when they have been written.
// Errors        None.
// Not here      The delays (lr_deskew), the meaning of a marker (lr_lane_lock).
module lr_lane_fifo #(
    parameter  int unsigned Lanes    = 16,               // physical
    parameter  int unsigned LaneBits = 32,
    localparam int unsigned Bits     = Lanes * LaneBits
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic [ Bits-1:0]       word_i,
    input  logic                   read_i,        // word_o is looked at
    input  logic [Lanes-1:0][ 4:0] delay_i,
    output logic [ Bits-1:0]       word_o,        // unknown while read_i is low
    input  logic                   search_i,      // markers are looked for
    output logic [Lanes-1:0]       hit_o,         // the last 128 bits are a marker that stands
    output logic [Lanes-1:0][ 7:0] flags_o,       // with hit_o
    output logic [Lanes-1:0][ 7:0] logical_o,
    output logic [Lanes-1:0][15:0] count_o,
    output logic [Lanes-1:0][ 7:0] good_o,
    input  logic                   hunt_i,        // markers are looked for in the words read
    output logic [Lanes-1:0]       prey_o,        // the last 128 bits are a marker that stands
    output logic [Lanes-1:0][ 7:0] prey_flags_o,  // with prey_o
    output logic [Lanes-1:0][15:0] prey_count_o
);
  localparam int unsigned Words = 128 / LaneBits;

  logic [Bits-1:0] mem[32];
  logic [4:0] pos_d, pos_q;

  assign pos_d = pos_q + 5'd1;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) pos_q <= '0;
    else pos_q <= pos_d;
  end
  always_ff @(posedge clk_i) begin
    mem[pos_q] <= word_i;
  end

  always_comb begin
    if (read_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        word_o[l*LaneBits+:LaneBits] = mem[pos_q-delay_i[l]][l*LaneBits+:LaneBits];
      end
    end else begin
      word_o = '0;
    end
  end

  function automatic logic stands(lr_link_pkg::marker_t marker, logic [7:0] lane);
    return marker.sync == lr_link_pkg::MarkerSync && marker.sync_n == ~lr_link_pkg::MarkerSync &&
        marker.physical == lane && marker.physical_n == ~lane;
  endfunction

  always_comb begin
    lr_link_pkg::marker_t marker;
    hit_o = '0;
    flags_o = '0;
    logical_o = '0;
    count_o = '0;
    good_o = '0;
    marker = '0;
    if (search_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        for (int unsigned i = 0; i < Words; i++) begin
          if (i == Words - 1) marker[i*LaneBits+:LaneBits] = word_i[l*LaneBits+:LaneBits];
          else marker[i*LaneBits+:LaneBits] = mem[pos_q-5'(Words-1-i)][l*LaneBits+:LaneBits];
        end
        hit_o[l] = stands(marker, 8'(l));
        flags_o[l] = marker.flags;
        logical_o[l] = marker.logical;
        count_o[l] = marker.count;
        good_o[l] = marker.good_byte;
      end
    end
  end

  // Apart from the search, which hangs on the lanes themselves.
  always_comb begin
    lr_link_pkg::marker_t prey;
    prey_o = '0;
    prey_flags_o = '0;
    prey_count_o = '0;
    prey = '0;
    if (hunt_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        for (int unsigned i = 0; i < Words; i++) begin
          prey[i*LaneBits+:LaneBits] = mem[pos_q-delay_i[l]-5'(Words-1-i)][l*LaneBits+:LaneBits];
        end
        prey_o[l] = stands(prey, 8'(l));
        prey_flags_o[l] = prey.flags;
        prey_count_o[l] = prey.count;
      end
    end
  end
endmodule
