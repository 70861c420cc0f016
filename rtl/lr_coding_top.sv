// SPDX-License-Identifier: Apache-2.0
// rtl/lr_coding_top.sv
// The coding path of lr_endpoint alone, both directions: flits in, lane words out; aligned lane
// words in, flits out. Built from the same modules, for golden vectors and the command line.
//
// Transmit: a stream begins with tx_start_i and a marker; a further one follows each interval_i
// flits. tx_take_o is high in the clock that decides a flit, with tx_header_i; its four beats are
// on tx_beat_i in this clock and the next three. It waits for tx_valid_i. The first word of a slot
// is on tx_word_o TxLat clocks after its decision, with light FEC FecTxLat later; tx_word_valid_o marks words that belong to a slot.
// Receive: aligned words on rx_word_i with rx_valid_i, one a clock without a gap from the first
// marker on; the verdict comes RxLat clocks after the last word of a flit, with light FEC FecRxLat
// later. Both lane maps follow from bitmaps of lanes (lr_lane_map), taken with tx_start_i and while
// rx_valid_i is low.
//
// Latency       Decision to word: TxLat. Word to beat and last word to verdict: RxLat.
// Throughput    One flit each 4 clocks (8, 16 at half, quarter width), one marker each M clocks.
// Backpressure  tx_take_o; none on the receive side.
// Reset         Async; tx_start_i and rx_valid_i = 0 begin anew.
// Errors        rx_good_o = 0: a CRC does not stand.
// Not here      Protocol, lane search, deskew.
module lr_coding_top #(
    parameter  int unsigned Lanes      = 16,                 // 4, 8 or 16
    parameter  int unsigned Spares     = 0,                  // 0, 1 or 2
    parameter  bit          LightFec   = 1'b0,
    parameter  bit          FastCoding = 1'b1,               // 1: simulation bodies
    localparam int unsigned Phys       = Lanes + Spares,
    localparam int unsigned Bits       = Phys * 512 / Lanes
) (
    input logic clk_i,
    input logic rst_ni,
    // Transmit
    input logic tx_start_i,  // the stream begins with the next clock
    input logic [15:0] tx_interval_i,  // flits between markers, at least 1
    input logic [15:0] tx_first_count_i,  // count of the first marker
    input logic [7:0] tx_flags_i,  // of all markers; training or wake: BIP field zero
    input logic [23:0] tx_good_i,  // lane-good bitmap
    input logic [Phys-1:0] tx_lanes_i,  // with tx_start_i: lanes to map on
    input logic tx_valid_i,  // a flit waits
    output logic tx_take_o,
    input logic [47:0] tx_header_i,  // with tx_take_o
    input logic [511:0] tx_beat_i,
    output logic tx_word_valid_o,
    output logic [Bits-1:0] tx_word_o,  // lane l at bits [l * 512 / Lanes +: 512 / Lanes]
    // Receive
    input logic rx_valid_i,
    input logic [Bits-1:0] rx_word_i,
    input logic [Phys-1:0] rx_lanes_i,  // with rx_valid_i = 0
    input logic [15:0] rx_interval_i,  // flits after a marker that does not show INIT
    output logic rx_beat_valid_o,
    output logic [1:0] rx_beat_index_o,
    output logic [511:0] rx_beat_o,  // payload; header, CRC and FEC bytes are zero
    output logic rx_done_o,
    output logic rx_good_o,  // with rx_done_o
    output logic [2:0] rx_fec_o,  // with rx_done_o: groups that the light FEC corrected
    output logic [47:0] rx_header_o,  // with rx_done_o
    output logic rx_marker_o,  // a marker is believed
    output logic [7:0] rx_flags_o,  // with rx_marker_o
    output logic [15:0] rx_count_o,
    output logic [Phys-1:0] rx_missed_o,
    output logic [Phys-1:0][3:0] rx_bip_errors_o
);
  localparam logic [3:0] MarkerBusy = 4'(Lanes / 4 - 1);

  logic lit_d, lit_q, first_d, first_q;
  logic [3:0] busy_d, busy_q;
  logic [15:0] left_d, left_q, count_d, count_q;
  logic decide, due;
  logic [1:0] tx_shift;
  lr_rtl_pkg::marker_cmd_t marker_cmd;
  logic [3:0] sent_d, sent_q;
  logic [511:0] beat_q;

  assign decide = lit_q && busy_q == 4'd0 && !tx_start_i;
  assign due = decide && (first_q || left_q == '0);
  assign tx_take_o = decide && !due && tx_valid_i;

  always_comb begin
    marker_cmd.flags = tx_flags_i;
    marker_cmd.count = count_q;
    unique case (2'(count_q % 16'd3))
      2'd0: marker_cmd.good_byte = tx_good_i[7:0];
      2'd1: marker_cmd.good_byte = tx_good_i[15:8];
      default: marker_cmd.good_byte = tx_good_i[23:16];
    endcase
    marker_cmd.mapped = 1'b1;
    marker_cmd.bip = !first_q && !tx_flags_i[0] && !tx_flags_i[3];
  end

  always_comb begin
    lit_d   = lit_q;
    first_d = first_q;
    busy_d  = (busy_q == 4'd0) ? 4'd0 : busy_q - 4'd1;
    left_d  = left_q;
    count_d = count_q;
    if (due) begin
      busy_d  = MarkerBusy;
      first_d = 1'b0;
      left_d  = tx_interval_i;
      count_d = count_q + 16'd1;
    end
    if (tx_take_o) begin
      busy_d = (4'd4 << tx_shift) - 4'd1;
      left_d = left_q - 16'd1;
    end
    if (tx_start_i) begin
      lit_d   = 1'b1;
      first_d = 1'b1;
      busy_d  = '0;
      count_d = tx_first_count_i;
    end
    sent_d = {sent_q[2:0], due || tx_take_o || busy_q != 4'd0};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      lit_q   <= 1'b0;
      first_q <= 1'b1;
      busy_q  <= '0;
      left_q  <= '0;
      count_q <= '0;
      sent_q  <= '0;
    end else begin
      lit_q   <= lit_d;
      first_q <= first_d;
      busy_q  <= busy_d;
      left_q  <= left_d;
      count_q <= count_d;
      sent_q  <= sent_d;
    end
  end
  always_ff @(posedge clk_i) begin
    beat_q <= tx_beat_i;
  end
  assign tx_word_valid_o = LightFec ? sent_q[3] : sent_q[2];

  logic tx_plain, unused_light;
  logic [Phys-1:0] unused_tx_used;
  logic [Phys-1:0][7:0] tx_logical;
  logic [Lanes-1:0][4:0] unused_tx_phys;
  lr_lane_map #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_tx_map (
      .clk_i,
      .rst_ni,
      .load_i   (tx_start_i),
      .good_i   (tx_lanes_i),
      .shift_o  (tx_shift),
      .plain_o  (tx_plain),
      .used_o   (unused_tx_used),
      .logical_o(tx_logical),
      .phys_o   (unused_tx_phys)
  );

  logic unused_lit;
  lr_tx_path #(
      .Lanes     (Lanes),
      .Spares    (Spares),
      .LightFec  (LightFec),
      .FastCoding(FastCoding)
  ) u_tx_path (
      .clk_i,
      .rst_ni,
      .light_i     (sent_d[0]),
      .cut_i       (1'b0),
      .marker_i    (due),
      .marker_cmd_i(marker_cmd),
      .flit_i      (tx_take_o),
      .header_i    (tx_header_i),
      .source_i    (lr_rtl_pkg::SrcData),
      .init_i      ('0),
      .beat_i      (beat_q),
      .shift_i     (tx_shift),
      .plain_i     (tx_plain),
      .logical_i   (tx_logical),
      .word_o      (tx_word_o),
      .hit_i       (1'b0),
      .hit_place_i ('0),
      .lit_o       (unused_lit),
      .light_o     (unused_light)
  );

  // The receive side
  logic rx_flit, restart, unused_lost, unused_hunt;
  logic [Phys-1:0] unused_judged;
  logic [3:0] rx_index;
  logic [1:0] rx_shift;
  logic rx_plain;
  logic [Phys-1:0] rx_used;
  logic [Phys-1:0][7:0] unused_rx_logical;
  logic [Lanes-1:0][4:0] rx_phys;
  lr_rtl_pkg::init_t unused_init;
  lr_lane_map #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_rx_map (
      .clk_i,
      .rst_ni,
      .load_i   (!rx_valid_i),
      .good_i   (rx_lanes_i),
      .shift_o  (rx_shift),
      .plain_o  (rx_plain),
      .used_o   (rx_used),
      .logical_o(unused_rx_logical),
      .phys_o   (rx_phys)
  );
  lr_rx_framer #(
      .Lanes (Lanes),
      .Spares(Spares)
  ) u_framer (
      .clk_i,
      .rst_ni,
      .enable_i       (rx_valid_i),
      .word_i         (rx_word_i),
      .shift_i        (rx_shift),
      .used_i         (rx_used),
      .measured_i     ('1),
      .far_interval_i (rx_interval_i),
      .quiesce_i      (1'b0),
      .quiesce_first_i(1'b0),
      .bad_i          (1'b0),
      .good_i         (1'b0),
      .hunt_o         (unused_hunt),
      .prey_i         ('0),
      .prey_flags_i   ('0),
      .prey_count_i   ('0),
      .flit_o         (rx_flit),
      .index_o        (rx_index),
      .restart_o      (restart),
      .believed_o     (rx_marker_o),
      .flags_o        (rx_flags_o),
      .count_o        (rx_count_o),
      .missed_o       (rx_missed_o),
      .lost_o         (unused_lost),
      .judged_o       (unused_judged),
      .bip_errors_o   (rx_bip_errors_o)
  );
  lr_rx_path #(
      .Lanes     (Lanes),
      .Spares    (Spares),
      .LightFec  (LightFec),
      .FastCoding(FastCoding)
  ) u_rx_path (
      .clk_i,
      .rst_ni,
      .word_i      (rx_word_i),
      .flit_i      (rx_flit),
      .index_i     (rx_index),
      .restart_i   (restart),
      .shift_i     (rx_shift),
      .plain_i     (rx_plain),
      .phys_i      (rx_phys),
      .beat_valid_o(rx_beat_valid_o),
      .beat_index_o(rx_beat_index_o),
      .beat_o      (rx_beat_o),
      .done_o      (rx_done_o),
      .good_o      (rx_good_o),
      .fec_o       (rx_fec_o),
      .header_o    (rx_header_o),
      .init_o      (unused_init)
  );
endmodule
