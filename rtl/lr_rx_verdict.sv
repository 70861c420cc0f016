// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rx_verdict.sv
// Judges each received flit and says what the protocol machines do about it.
//
// Latency       0 clocks: done_i at v, everything at v.
// Throughput    One flit each 4 clocks.
// Backpressure  None: a flit for a full buffer is dropped.
// Reset         None.
// Errors        Bad CRC, forbidden content and overflow are counted and change nothing else.
// Not here      The numbers compared with (lr_rx_order, lr_session, lr_rx_buffer).
module lr_rx_verdict (
    input  logic                 [ 3:0] state_i,
    input  logic                        done_i,
    input  logic                        good_i,
    input  logic                 [47:0] header_i,
    input  lr_rtl_pkg::init_t           init_i,
    input  logic                 [ 9:0] expected_i,
    input  logic                 [ 1:0] room_i,      // the channel's buffer takes a flit
    input  logic                 [31:0] session_i,   // own
    input  logic                 [31:0] peer_i,      // the far end's, 0 = none
    input  logic                        init_ok_i,
    output lr_rtl_pkg::verdict_t        verdict_o,
    output logic                        valid_o,     // a verdict that acts
    output logic                 [ 3:0] code_o,      // with valid_o: lr_link_pkg::verdict_e
    output logic                 [47:0] header_o     // with valid_o: as received, zero if bad
);
  import lr_link_pkg::*;
  import lr_rtl_pkg::*;

  header_t header;
  logic
      act,
      data,
      request,
      yes,
      no,
      use_header,
      init_taken,
      init_mine,
      fresh,
      entry,
      accept,
      session_bad,
      version_bad,
      ask,
      arrive;
  verdict_e code;

  assign header  = header_i;
  assign valid_o = done_i && (state_i == StInit || state_i == StActive);

  always_comb begin
    logic is_init, mine, protocol, ctrl_bad;
    logic signed [9:0] diff;
    {is_init, mine, protocol, ctrl_bad} = '0;
    diff = '0;
    {act, use_header, init_taken, init_mine, fresh, entry} = '0;
    {accept, session_bad, version_bad, ask, arrive} = '0;
    {data, request, yes, no} = '0;
    code = VerdictBad;
    header_o = '0;
    if (valid_o && good_i) begin
      header_o = header_i;
      ctrl_bad = init_i.code == 8'd0 || init_i.code > CtrlQuiesceNo;
      protocol = header.kind > KindCtrl || header.reserved != '0 ||
          (header.kind == KindData && header.slots == '0) || (header.kind == KindCtrl && ctrl_bad);
      is_init = header.kind == KindCtrl && init_i.code == CtrlInit;
      mine = init_i.peer == session_i;
      diff = seq_diff(header.seq, expected_i);
      if (protocol) begin
        code = VerdictProtocol;
      end else if (state_i == StInit && is_init) begin
        code = VerdictInit;
        if (init_i.version != 8'(ProtocolVersion)) begin
          version_bad = 1'b1;
        end else begin
          fresh = init_i.session != peer_i;
          init_taken = 1'b1;
          init_mine = mine;
          entry = mine && init_i.seen[0];
        end
      end else if (state_i == StInit && !init_ok_i) begin
        code = VerdictIgnored;
      end else begin
        act = 1'b1;
        entry = state_i == StInit;
        session_bad = is_init && (!mine || init_i.session != peer_i);
        // Numbers of another session would free flits that never arrived.
        use_header = !session_bad;
        unique case (header.kind)
          KindNop: code = VerdictNop;
          KindCtrl: begin
            code = is_init ? VerdictInit : VerdictCtrl;
            request = init_i.code == CtrlQuiesceRequest;
            yes = init_i.code == CtrlQuiesceYes;
            no = init_i.code == CtrlQuiesceNo;
          end
          default: begin
            data = 1'b1;
            if (diff > 0) code = VerdictAhead;
            else if (diff < 0) code = VerdictDuplicate;
            else if (room_i[header.vc]) code = VerdictAccepted;
            else code = VerdictOverflow;
          end
        endcase
        accept = code == VerdictAccepted;
        ask = diff > 0 && !is_init;
        // An overflow ends the request too: its flit did arrive.
        arrive = accept || code == VerdictOverflow ||
            (header.kind != KindData && !is_init && diff == '0);
      end
    end
    code_o = code;
  end
  always_comb begin
    verdict_o = '0;
    if (valid_o) begin
      verdict_o = '{
          bad: !good_i && state_i == StActive,
          good: act || entry,
          act: act,
          use_header: use_header,
          init_taken: init_taken,
          init_mine: init_mine,
          fresh: fresh,
          first_peer: peer_i == '0,
          entry: entry,
          data: data,
          request: request,
          yes: yes,
          no: no,
          accept: accept,
          session_bad: session_bad,
          version_bad: version_bad,
          ask: ask,
          arrive: arrive,
          header: '{
              crd: header.crd,
              crd_vc: header.crd_vc,
              poison: header.poison,
              slots: header.slots,
              nak: header.nak,
              ack: header.ack
          }
      };
    end
  end
endmodule
