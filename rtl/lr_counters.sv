// SPDX-License-Identifier: Apache-2.0
// rtl/lr_counters.sv
// All event counters of an endpoint, 32 bits, saturating, with the shadow that software reads.
//
// Latency       Event at n: counted at n + 1. take_i at n: the shadow shows the counts of n from n
//               + 1 on. address_i to data_o: 0 clocks.
// Throughput    Every counter once a clock.
// Backpressure  None.
// Reset         Async clears counters and shadow; clear_i clears all counters but lost_tx and
//               lost_rx.
// Errors        None: a full counter stays full.
// Not here      The bus (lr_csr).
module lr_counters #(
    parameter int unsigned Phys = 16  // physical lanes, 4 to 18
) (
    input logic clk_i,
    input logic rst_ni,
    input logic clear_i,
    input logic slot_i,  // a flit is decided
    input logic ctrl_i,  // with slot_i, as all down to window_stall_i
    input logic repeat_i,
    input logic nak_i,
    input logic new_i,
    input logic credit_stall_i,
    input logic window_stall_i,
    input logic verdict_i,  // code_i is a verdict
    input logic [3:0] code_i,
    input logic any_rare_i,  // rare_i holds something
    input lr_rtl_pkg::rare_t rare_i,
    input logic lost_tx_i,
    input logic [9:0] lost_tx_count_i,
    input logic lost_rx_i,
    input logic [10:0] lost_rx_count_i,
    input logic lanes_i,  // bip_i or missed_i hold something
    input logic [Phys-1:0][3:0] bip_i,
    input logic [Phys-1:0] missed_i,
    input logic take_i,
    input logic read_i,  // data_o is looked at
    input logic [7:0] address_i,
    output logic [31:0] data_o
);
  import lr_link_pkg::*;
  import lr_rtl_pkg::*;
  localparam int unsigned Counters = 32'(CntFecCorrected) + 3;

  logic [Counters-1:0][31:0] count_q, shadow_q;
  logic [Phys-1:0][31:0] bip_d, bip_q, bip_shadow_q;
  logic [Phys-1:0][31:0] missed_d, missed_q, missed_shadow_q;
  function automatic logic [31:0] add(logic [31:0] count, logic [10:0] step);
    return (count > ~{21'h0, step}) ? 32'hFFFF_FFFF : count + {21'h0, step};
  endfunction

  function automatic logic [31:0] up(logic [31:0] count);
    return (count == 32'hFFFF_FFFF) ? count : count + 32'd1;
  endfunction

  logic any;
  assign any = slot_i || verdict_i || any_rare_i || clear_i || lost_tx_i || lost_rx_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    logic [Counters-1:0][31:0] count;
    if (!rst_ni) begin
      count_q  <= '0;
      shadow_q <= '0;
    end else begin
      if (take_i) shadow_q <= count_q;
      if (any) begin
        count = count_q;
        if (slot_i) begin
          if (ctrl_i) count[CntSentCtrl] = up(count_q[CntSentCtrl]);
          else if (repeat_i) count[CntSentReplay] = up(count_q[CntSentReplay]);
          else if (new_i) count[CntSentData] = up(count_q[CntSentData]);
          else count[CntSentNop] = up(count_q[CntSentNop]);
          if (nak_i) count[CntNaks] = up(count_q[CntNaks]);
          if (credit_stall_i) count[CntCreditStalls] = up(count_q[CntCreditStalls]);
          if (window_stall_i) count[CntWindowStalls] = up(count_q[CntWindowStalls]);
        end
        if (verdict_i) begin
          if (code_i == VerdictBad) begin
            count[CntReceivedBad] = up(count_q[CntReceivedBad]);
          end else if (code_i == VerdictProtocol) begin
            count[CntReceivedProtocol] = up(count_q[CntReceivedProtocol]);
          end else begin
            count[CntReceivedGood] = up(count_q[CntReceivedGood]);
          end
          unique case (code_i)
            VerdictAccepted: count[CntAccepted] = up(count_q[CntAccepted]);
            VerdictDuplicate: count[CntDuplicates] = up(count_q[CntDuplicates]);
            VerdictAhead: count[CntAhead] = up(count_q[CntAhead]);
            VerdictOverflow: count[CntRxOverflow] = up(count_q[CntRxOverflow]);
            default: ;
          endcase
        end
        if (any_rare_i) begin
          if (rare_i.replay) count[CntReplays] = up(count_q[CntReplays]);
          if (rare_i.replay_timeout) begin
            count[CntReplayTimeouts] = up(count_q[CntReplayTimeouts]);
          end
          if (rare_i.nak_timeout) count[CntNakTimeouts] = up(count_q[CntNakTimeouts]);
          if (rare_i.retrain) count[CntRetrains] = up(count_q[CntRetrains]);
          if (rare_i.train_timeout) count[CntTrainTimeouts] = up(count_q[CntTrainTimeouts]);
          if (rare_i.ack_invalid) count[CntAckInvalid] = up(count_q[CntAckInvalid]);
          if (rare_i.quiesce) count[CntQuiesces] = up(count_q[CntQuiesces]);
          if (rare_i.wake) count[CntWakes] = up(count_q[CntWakes]);
          for (int unsigned g = 0; g < 3; g++) begin
            if (rare_i.fec_corrected[g]) begin
              count[32'(CntFecCorrected)+g] = up(count_q[32'(CntFecCorrected)+g]);
            end
          end
          count[CntCrdInvalid] = add(count_q[CntCrdInvalid], 11'($countones(rare_i.crd_invalid)));
        end
        if (clear_i) begin
          count[CntRxOverflow:CntSentNop] = '0;
          count[Counters-1:CntQuiesces]   = '0;
        end
        if (lost_tx_i) count[CntLostTx] = add(count_q[CntLostTx], {1'b0, lost_tx_count_i});
        if (lost_rx_i) count[CntLostRx] = add(count_q[CntLostRx], lost_rx_count_i);
        count_q <= count;
      end
    end
  end

  always_comb begin
    bip_d = '0;
    missed_d = '0;
    if (lanes_i && !clear_i) begin
      for (int unsigned l = 0; l < Phys; l++) begin
        bip_d[l] = add(bip_q[l], {7'h0, bip_i[l]});
        missed_d[l] = missed_i[l] ? up(missed_q[l]) : missed_q[l];
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bip_q <= '0;
      missed_q <= '0;
      bip_shadow_q <= '0;
      missed_shadow_q <= '0;
    end else begin
      if (take_i) begin
        bip_shadow_q <= bip_q;
        missed_shadow_q <= missed_q;
      end
      if (lanes_i || clear_i) begin
        bip_q <= bip_d;
        missed_q <= missed_d;
      end
    end
  end

  logic [5:0] word;
  assign word = address_i[7:2];
  always_comb begin
    data_o = '0;
    if (read_i) begin
      for (int unsigned i = 0; i < Counters; i++) begin
        if (word == 6'(i)) data_o = shadow_q[i];
      end
      for (int unsigned l = 0; l < Phys; l++) begin
        if (word == 6'(28 + l)) data_o = bip_shadow_q[l];
        if (word == 6'(46 + l)) data_o = missed_shadow_q[l];
      end
    end
  end

  logic unused_address;
  assign unused_address = ^address_i[1:0];
endmodule
