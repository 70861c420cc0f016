// SPDX-License-Identifier: Apache-2.0
// tests/tb/small_link/small_pkg.sv
// A deliberately small link protocol that shares nothing with ours: its flit, and the CRC over it.
//
// A flit is four words of 512 bits. Bytes 0 to 239 are payload; the last 16 bytes, which are lane 3
// of the last word, are header, sync pattern and CRC-32.
package small_pkg;
  localparam int unsigned Window = 64;  // flits in the replay buffer and in the receive buffer
  localparam logic [31:0] Sync = 32'h5A17_C0DE;

  typedef logic [7:0] seq_t;
  typedef logic [511:0] word_t;

  typedef enum logic [1:0] {
    KindHello = 0,
    KindNop   = 1,
    KindData  = 2
  } kind_e;

  typedef enum logic [1:0] {
    StOff    = 0,  // dark
    StHunt   = 1,  // light, looking for the peer
    StReady  = 2,  // the peer is heard
    StActive = 3   // the peer hears us too
  } state_e;

  typedef struct packed {
    logic [27:0] zero;
    logic [7:0]  user;   // travels with the payload
    seq_t        freed;  // flits of ours that have left the sender's receive buffer
    seq_t        ack;    // number that the sender expects next
    seq_t        seq;    // DATA: its number
    logic        nak;    // send again from ack on
    logic        heard;  // HELLO: the peer is heard
    kind_e       kind;
  } header_t;

  typedef struct packed {
    logic [31:0]  crc;
    logic [31:0]  sync;
    header_t      header;
    logic [383:0] payload;
  } last_word_t;

  // CRC-32, first bit on the wire first; the place of the CRC itself counts as zero.
  function automatic logic [31:0] crc_next(logic [31:0] crc, word_t word);
    logic [31:0] r;
    r = crc;
    for (int k = 0; k < 512; k++) begin
      r = {r[30:0], 1'b0} ^ ((r[31] ^ word[k]) ? 32'h04C1_1DB7 : 32'h0);
    end
    return r;
  endfunction
endpackage
