// SPDX-License-Identifier: Apache-2.0
// rtl/lr_link_pkg.sv
// Numbers, enums and packed structs that RTL and C++ share; the C++ twin is generated from this.
// Written for a simple reader: one localparam, enum value or field a line, widths are numbers.
package lr_link_pkg;

  // Flit
  localparam int unsigned BeatBits = 512;
  localparam int unsigned FlitBytes = 256;
  localparam int unsigned BeatsPerFlit = 4;
  localparam int unsigned PayloadBytes = 240;
  localparam int unsigned SlotsPerFlit = 15;
  localparam int unsigned ProtocolVersion = 1;
  localparam int unsigned MarkerBits = 128;
  localparam int unsigned MarkerSync = 32'h3A5C96E1;
  localparam int unsigned InitInterval = 64;  // flits after a marker that shows INIT
  localparam int unsigned MaxWindow = 511;
  localparam int unsigned DeskewWords = 16;

  // Latencies, in clocks (docs/link-layer.md, section 11 item 4)
  localparam int unsigned TxLat = 3;  // decision to first lane word
  localparam int unsigned RxLat = 3;  // last deskewed word to verdict
  localparam int unsigned VerdictToHeader = 1;  // verdict to the earliest decision that sees it
  localparam int unsigned DeliverLat = 2;  // verdict to valid at the transaction side
  localparam int unsigned CreditLat = 1;  // delivery handshake to the earliest decision
  localparam int unsigned MarkerRx = 2;  // last deskewed word of a marker to flags believed
  localparam int unsigned DeskewLat = 1;  // word of the slowest lane to the deskewed word
  localparam int unsigned SlipSettle = 32;  // channel: clocks that the PMD needs after a slip
  localparam int unsigned CsrLat = 2;  // APB setup phase to the value in the core
  localparam int unsigned FecTxLat = 1;  // more of TxLat with light FEC
  localparam int unsigned FecRxLat = 5;  // more of RxLat with light FEC
  localparam int unsigned ResetMin = 16;  // least clocks in RESET

  // Lane
  localparam int unsigned LeastLanes = 4;  // narrowest width
  localparam int unsigned MaxPhys = 18;  // physical lanes with both spares
  localparam int unsigned BerIntervals = 64;  // BIP comparisons of one BER estimate
  localparam int unsigned LockHits = 4;
  localparam int unsigned LockMisses = 3;
  localparam int unsigned SearchMarkers = 3;  // marker times of search before a slip
  localparam int unsigned BitmapHits = 6;
  localparam int unsigned DeskewRetry = 64;  // clocks after which a deskew target is given up

  // verilog_format: off (one space before each =, as the simple reader wants it)
  typedef enum logic [2:0] {
    KindNop = 0,
    KindData = 1,
    KindCtrl = 2
  } kind_e;
  // verilog_format: on

  typedef enum logic [7:0] {
    CtrlInit = 1,
    CtrlQuiesceRequest = 2,
    CtrlQuiesceYes = 3,
    CtrlQuiesceNo = 4
  } ctrl_e;

  typedef enum logic [3:0] {
    StDetect = 0,
    StLock = 1,
    StMap = 2,
    StDeskew = 3,
    StInit = 4,
    StActive = 5,
    StQuiesce = 6,
    StReset = 7,
    StLinkDown = 8
  } state_e;

  // Why a state was left: the cause that goes with a state change, kept in CSR status for
  // LINK_DOWN.
  typedef enum logic [3:0] {
    CauseNone = 0,
    CauseDisabled = 1,
    CauseTrainLimit = 2,
    CauseRetrainLimit = 3,
    CauseVersion = 4,
    CauseSignalLost = 5,
    CauseMarkersMissed = 6,
    CauseFarTraining = 7,
    CauseReplayLimit = 8,
    CauseSession = 9,
    CauseCommand = 10,
    CauseTimeout = 11,
    CauseNormal = 12,
    CauseSilent = 13
  } cause_e;

  // What a receive verdict says.
  typedef enum logic [3:0] {
    VerdictBad = 0,
    VerdictProtocol = 1,
    VerdictAccepted = 2,
    VerdictDuplicate = 3,
    VerdictAhead = 4,
    VerdictOverflow = 5,
    VerdictNop = 6,
    VerdictInit = 7,
    VerdictCtrl = 8,
    VerdictIgnored = 9
  } verdict_e;

  // Most significant first: crd is 41:32 of the flit header, kind 2:0.
  typedef struct packed {
    logic [5:0] reserved;
    logic [9:0] crd;
    logic       crd_vc;
    logic       poison;
    logic [3:0] slots;
    logic       replay;
    logic       nak;
    logic [9:0] ack;
    logic [9:0] seq;
    logic       vc;
    logic [2:0] kind;
  } header_t;

  // One lane's marker, 128 bits.
  typedef struct packed {
    logic [31:0] sync_n;
    logic [7:0]  good_byte;
    logic [7:0]  bip;
    logic [15:0] count;
    logic [7:0]  flags;
    logic [7:0]  logical;
    logic [7:0]  physical_n;
    logic [7:0]  physical;
    logic [31:0] sync;
  } marker_t;

  // One clock of an endpoint's life. Each group is all zero when its valid is 0.
  //   verdict  at v: header as received (48 bits; zero if bad), its fate, and the groups that
  //            the light FEC corrected. INIT and ACTIVE only.
  //   mrx      a believed marker after alignment, at u_last + 2: flags, count.
  //   mtx      at D: flags, count.
  //   ftx      at D: header of the flit; of a CTRL its byte 0.
  //   accept   at D, with ftx: 1 = new DATA taken from VC ftx_header.vc.
  //   deliver  at the handshake h, one bit a VC.
  //   replay   1 at n = a replay was started (counted ones).
  //   state    1 at the first clock of a new state, with cause.
  //   lock     lanes whose `locked` differs from the clock before.
  typedef struct packed {
    logic        verdict_valid;
    logic [3:0]  verdict;
    logic [47:0] verdict_header;
    logic [2:0]  verdict_fec;
    logic        mrx_valid;
    logic [7:0]  mrx_flags;
    logic [15:0] mrx_count;
    logic        mtx_valid;
    logic [7:0]  mtx_flags;
    logic [15:0] mtx_count;
    logic        ftx_valid;
    logic [47:0] ftx_header;
    logic [2:0]  ftx_ctrl;
    logic        accept;
    logic [1:0]  deliver;
    logic        replay;
    logic        state_valid;
    logic [3:0]  state;
    logic [3:0]  cause;
    logic        lock_valid;
    logic [17:0] locked;
  } trace_t;

endpackage
