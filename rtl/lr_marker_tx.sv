// SPDX-License-Identifier: Apache-2.0
// rtl/lr_marker_tx.sv
// Words of one marker on all physical lanes.
//
// Latency       0 clocks.
// Throughput    One word of each lane a clock.
// Backpressure  None.
// Reset         None.
// Errors        None.
// Not here      When a marker is due (lr_tx_slots).
module lr_marker_tx #(
    parameter  int unsigned Lanes    = 16,               // physical
    parameter  int unsigned LaneBits = 32,
    localparam int unsigned Bits     = Lanes * LaneBits
) (
    input  logic                                     enable_i,   // word_o is looked at
    input  lr_rtl_pkg::marker_cmd_t                  marker_i,
    input  logic                    [      1:0]      index_i,    // word of the marker
    input  logic                    [Lanes-1:0][7:0] bip_i,
    input  logic                    [Lanes-1:0][7:0] logical_i,  // with marker_i.mapped
    output logic                    [ Bits-1:0]      word_o      // zero while enable_i is low
);
  localparam int unsigned Words = 128 / LaneBits;

  always_comb begin
    lr_link_pkg::marker_t marker;
    word_o = '0;
    marker = '0;
    if (enable_i) begin
      for (int unsigned l = 0; l < Lanes; l++) begin
        marker = '{
            sync_n: ~lr_link_pkg::MarkerSync,
            good_byte: marker_i.good_byte,
            bip: marker_i.bip ? bip_i[l] : 8'h00,
            count: marker_i.count,
            flags: marker_i.flags,
            logical: marker_i.mapped ? logical_i[l] : 8'hFF,
            physical_n: ~8'(l),
            physical: 8'(l),
            sync: lr_link_pkg::MarkerSync
        };
        for (int unsigned i = 0; i < Words; i++) begin
          if (index_i == 2'(i)) word_o[l*LaneBits+:LaneBits] = marker[i*LaneBits+:LaneBits];
        end
      end
    end
  end
endmodule
