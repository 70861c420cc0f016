// SPDX-License-Identifier: Apache-2.0
// rtl/lr_rtl_pkg.sv
// Types and arithmetic that only the RTL needs; what C++ shares is in lr_link_pkg.
package lr_rtl_pkg;

  typedef logic [9:0] seq_t;  // flit numbers and credits, modulo 1024

  // Signed distance from b to a; right while both windows are at most 511.
  function automatic logic signed [9:0] seq_diff(seq_t a, seq_t b);
    return $signed(a - b);
  endfunction

  function automatic logic is_lit(logic [3:0] state);
    return (state != lr_link_pkg::StReset) && (state != lr_link_pkg::StLinkDown);
  endfunction

  // Configuration as the core sees it: one field a CSR field.
  typedef struct packed {
    logic        enable;
    logic        retrain;
    logic [9:0]  window;
    logic [9:0]  rx_depth;
    logic [12:0] marker_interval;
    logic [12:0] marker_interval_bad;
    logic [15:0] nak_timeout;
    logic [15:0] replay_timeout;
    logic [7:0]  replay_limit;
    logic [7:0]  retrain_limit;
    logic [7:0]  train_limit;
    logic [31:0] detect_timeout;
    logic [31:0] lock_timeout;
    logic [31:0] map_timeout;
    logic [31:0] deskew_timeout;
    logic [31:0] init_timeout;
    logic [31:0] lock_min;
    logic [31:0] lane_wait;
    logic [17:0] lanes_off;
    logic [23:0] quiesce_after;
  } cfg_t;

  // Errors to inject, as their registers say; `written` stands in the first clock of a new value.
  typedef struct packed {
    logic        flits_written;
    logic [47:0] mask;
    logic [7:0]  flits;
    logic [2:0]  kinds;          // CTRL, DATA, NOP
    logic        words_written;
    logic [4:0]  lane;
    logic [6:0]  position;
    logic [15:0] words;
  } inject_t;

  // Events that raise an interrupt, in the order of irq_status.
  typedef struct packed {
    logic active_lost;
    logic link_down;
    logic no_light;
    logic new_session;
  } irq_t;

  // First 44 payload bytes of an INIT flit, byte 0 in the low bits.
  typedef struct packed {
    logic [31:0] held;
    logic [63:0] echo;
    logic [63:0] stamp;
    logic [31:0] zero;
    logic [15:0] ack;
    logic [15:0] marker_interval;
    logic [15:0] crd1;
    logic [15:0] crd0;
    logic [31:0] peer;
    logic [31:0] session;
    logic [7:0]  pad;
    logic [7:0]  seen;
    logic [7:0]  version;
    logic [7:0]  code;
  } init_t;

  // Where the payload of a flit comes from.
  typedef enum logic [1:0] {
    SrcZero = 0,
    SrcInit = 1,
    SrcData = 2
  } src_e;

  // A marker as decided at D; the lanes' own fields are added on the way out.
  typedef struct packed {
    logic [7:0]  flags;
    logic [15:0] count;
    logic [7:0]  good_byte;
    logic        bip;        // 1: the BIP field counts
    logic        mapped;     // 1: lanes show the logical lane they carry
  } marker_cmd_t;

  // What the protocol machines need of a header beside its verdict, in the order of header_t.
  typedef struct packed {
    logic [9:0] crd;
    logic       crd_vc;
    logic       poison;
    logic [3:0] slots;
    logic       nak;
    logic [9:0] ack;
  } acted_t;

  // A verdict at clock v, all that the protocol machines act on.
  typedef struct packed {
    logic   bad;          // wrong CRC, in ACTIVE
    logic   good;         // in ACTIVE, or ACTIVE begins with it
    logic   act;          // good and treated as in ACTIVE
    logic   use_header;   // its ack, nak and crd count
    logic   init_taken;   // INIT in INIT, version right
    logic   init_mine;    // ... that echoes the own session
    logic   fresh;        // fresh start
    logic   first_peer;   // ... of the first peer since RESET
    logic   entry;        // ACTIVE begins with this flit
    logic   data;         // DATA of any fate
    logic   request;      // CTRL: QUIESCE request, likewise yes and no
    logic   yes;
    logic   no;
    logic   accept;       // DATA goes into its buffer
    logic   session_bad;  // INIT in ACTIVE of another session
    logic   version_bad;
    logic   ask;          // a number ahead was seen
    logic   arrive;       // the request is answered
    acted_t header;
  } verdict_t;

  // Counters in the order of rtl/link.rdl, words of the block.
  typedef enum logic [4:0] {
    CntSentNop = 0,
    CntSentData = 1,
    CntSentReplay = 2,
    CntSentCtrl = 3,
    CntReceivedGood = 4,
    CntReceivedBad = 5,
    CntReceivedProtocol = 6,
    CntAccepted = 7,
    CntDuplicates = 8,
    CntAhead = 9,
    CntReplays = 10,
    CntNaks = 11,
    CntReplayTimeouts = 12,
    CntNakTimeouts = 13,
    CntRetrains = 14,
    CntTrainTimeouts = 15,
    CntCreditStalls = 16,
    CntWindowStalls = 17,
    CntAckInvalid = 18,
    CntCrdInvalid = 19,
    CntRxOverflow = 20,
    CntLostTx = 21,
    CntLostRx = 22,
    CntQuiesces = 23,
    CntWakes = 24,
    CntFecCorrected = 25  // of group 0; groups 1 and 2 follow
  } counter_e;

  // Events that are rare beside flits.
  typedef struct packed {
    logic replay;
    logic replay_timeout;
    logic nak_timeout;
    logic retrain;
    logic train_timeout;
    logic ack_invalid;
    logic quiesce;
    logic wake;
    logic [2:0] fec_corrected;  // by group
    logic [2:0] crd_invalid;  // of a header, of channel 0, of channel 1
  } rare_t;

endpackage
