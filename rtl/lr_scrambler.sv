// SPDX-License-Identifier: Apache-2.0
// rtl/lr_scrambler.sv
// Key of the additive scrambler, x^23 + x^21 + x^16 + x^8 + x^5 + x^2 + 1, for all lanes of one
// direction. Lanes whose numbers are equal modulo 8 share a seed and so a key: KeyLanes of them are
// made.
//
// Latency       restart_i and advance_i to key_o: 1 clock. key_o is the key of the word at hand.
// Throughput    One word of each lane a clock while advance_i is high.
// Backpressure  advance_i low holds the key.
// Reset         None needed: restart_i puts the seeds in.
// Errors        None.
// Not here      When to restart (lr_tx_path, lr_rx_framer).
//
// FastCoding = 1 uses p(x)^LaneBits = p(x^LaneBits): whole words follow the recurrence of single
// bits, from the first 23 words on. FastCoding = 0 is the unrolled shift register of each lane.
// Both are proved equal.
module lr_scrambler #(
    parameter  int unsigned LaneBits   = 32,                  // 32, 64 or 128
    parameter  int unsigned KeyLanes   = 8,                   // min(lanes, 8)
    parameter  bit          FastCoding = 1'b1,                // 1: simulation body
    localparam int unsigned KeyBits    = LaneBits * KeyLanes
) (
    input  logic               clk_i,
    input  logic               restart_i,  // wins over advance_i
    input  logic               advance_i,
    output logic [KeyBits-1:0] key_o
);
  localparam logic [22:0] Taps = 23'h210125;
  localparam logic [7:0][22:0] Seeds = {
    23'h1BB807, 23'h0277CE, 23'h19CFC9, 23'h010F12, 23'h18C0DB, 23'h1EC760, 23'h0607BB, 23'h1DBFBC
  };

  function automatic logic [22:0] step(logic [22:0] s);
    return {s[21:0], 1'b0} ^ (s[22] ? Taps : 23'h0);
  endfunction

  if (FastCoding) begin : gen_fast
    localparam int unsigned Order = 23;
    localparam int unsigned Parts = KeyBits / 64;
    // Row i mod 32 holds word i, in parts that a simulator adds as one number; the oldest row needed
    // is 23 back. The word at hand stands in key_q too.
    logic [63:0] ring[32][Parts];
    logic [KeyBits-1:0] first[Order];
    logic [KeyBits-1:0] key_q;
    logic [4:0] pos_q;
    logic seeded_q;  // 1: at least Order words stand in the ring

    initial begin
      logic [22:0] s;
      for (int unsigned l = 0; l < KeyLanes; l++) begin
        s = Seeds[l];
        for (int unsigned i = 0; i < Order; i++) begin
          for (int unsigned b = 0; b < LaneBits; b++) begin
            first[i][l*LaneBits+b] = s[22];
            s = step(s);
          end
        end
      end
    end

    always_ff @(posedge clk_i) begin
      logic [4:0] pos;
      logic seeded;
      logic [63:0] part;
      if (restart_i || advance_i) begin
        pos = restart_i ? 5'd0 : pos_q + 5'd1;
        seeded = !restart_i && (seeded_q || pos_q == 5'd22);
        for (int unsigned p = 0; p < Parts; p++) begin
          if (seeded) begin
            part = ring[pos-5'd2][p] ^ ring[pos-5'd7][p] ^ ring[pos-5'd15][p] ^
                ring[pos-5'd18][p] ^ ring[pos-5'd21][p] ^ ring[pos-5'd23][p];
          end else begin
            part = first[pos][p*64+:64];
          end
          ring[pos][p] <= part;
          key_q[p*64+:64] <= part;
        end
        pos_q <= pos;
        seeded_q <= seeded;
      end
    end

    assign key_o = key_q;
  end else begin : gen_synthesis
    for (genvar l = 0; l < int'(KeyLanes); l++) begin : gen_lane
      logic [22:0] state_d, state_q;
      always_comb begin
        state_d = state_q;
        for (int unsigned b = 0; b < LaneBits; b++) begin
          key_o[l*LaneBits+b] = state_d[22];
          state_d = step(state_d);
        end
        if (restart_i) state_d = Seeds[l];
      end
      always_ff @(posedge clk_i) begin
        if (restart_i || advance_i) state_q <= state_d;
      end
    end
  end
endmodule
