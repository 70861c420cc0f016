// SPDX-License-Identifier: Apache-2.0
// rtl/lr_lane_map.sv
// Lane map of one direction from a bitmap of good lanes: the widest of full, half and quarter width
// that the good lanes carry; logical lane i is the i-th good one, lowest first.
//
// Latency       load_i to the outputs: 1 clock.
// Throughput    One map a clock.
// Backpressure  None: without load_i the map stays.
// Reset         Async, to full width on the lowest lanes.
// Errors        With fewer than LeastLanes good lanes there is no map: the last one stays.
// Not here      When a map is taken, what it is used for.
`include "lr_assert.svh"
module lr_lane_map #(
    parameter  int unsigned Lanes  = 16,             // 4, 8 or 16 logical lanes
    parameter  int unsigned Spares = 0,              // 0, 1 or 2
    localparam int unsigned Phys   = Lanes + Spares
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  load_i,
    input  logic [ Phys-1:0]      good_i,     // with load_i
    output logic [      1:0]      shift_o,    // 0 full, 1 half, 2 quarter width
    output logic                  plain_o,    // full width, each lane carries its own number
    output logic [ Phys-1:0]      used_o,     // lanes that carry a logical one
    output logic [ Phys-1:0][7:0] logical_o,  // which one, 0xFF: none
    output logic [Lanes-1:0][4:0] phys_o      // lane that carries a logical one; 0 where none does
);
  localparam logic [Phys-1:0] LowLanes = Phys'((64'd1 << Lanes) - 64'd1);

  logic [1:0] shift_q;
  logic [Phys-1:0] used_q;
  logic [Phys-1:0][7:0] logical_q;
  logic [Lanes-1:0][4:0] phys_q;
  logic plain_q;

  // A map is made once a training, so next values are made where they are stored.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic [4:0] ones, width, next;
    logic [Phys-1:0] used;
    logic [Phys-1:0][7:0] logical;
    logic [Lanes-1:0][4:0] phys;
    if (!rst_ni) begin
      shift_q <= '0;
      plain_q <= 1'b1;
      used_q  <= LowLanes;
      for (int unsigned p = 0; p < Phys; p++) logical_q[p] <= (p < Lanes) ? 8'(p) : 8'hFF;
      for (int unsigned i = 0; i < Lanes; i++) phys_q[i] <= 5'(i);
    end else if (load_i) begin
      ones  = 5'($countones(good_i));
      width = 5'(Lanes / 4);
      if (ones >= 5'(Lanes / 2)) width = 5'(Lanes / 2);
      if (ones >= 5'(Lanes)) width = 5'(Lanes);
      next = '0;
      used = '0;
      logical = '1;
      phys = '0;
      for (int unsigned p = 0; p < Phys; p++) begin
        if (good_i[p] && next < width) begin
          used[p] = 1'b1;
          logical[p] = {3'd0, next};
          for (int unsigned i = 0; i < Lanes; i++) begin
            if (next == 5'(i)) phys[i] = 5'(p);
          end
          next = next + 5'd1;
        end
      end
      if (ones >= 5'(lr_link_pkg::LeastLanes)) begin
        shift_q <= (width == 5'(Lanes)) ? 2'd0 : (width == 5'(Lanes / 2)) ? 2'd1 : 2'd2;
        plain_q <= used == LowLanes;
        used_q <= used;
        logical_q <= logical;
        phys_q <= phys;
      end
    end
  end

  assign shift_o   = shift_q;
  assign plain_o   = plain_q;
  assign used_o    = used_q;
  assign logical_o = logical_q;
  assign phys_o    = phys_q;

  `LR_STATIC(LanesAllowed, Lanes == 4 || Lanes == 8 || Lanes == 16)
  `LR_STATIC(SparesAllowed, Spares <= 2)
  `LR_ASSERT(WidthIsAllowed, 32'(Lanes) >> shift_q >= lr_link_pkg::LeastLanes)
  `LR_ASSERT(UsedLanesAreTheWidth, 32'($countones(used_q)) == 32'(Lanes) >> shift_q)
endmodule
