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
    // Row i mod 32 holds word i; the oldest one needed is 23 back.
    logic [KeyBits-1:0] ring[32];
    logic [KeyBits-1:0] first[Order];
    logic [4:0] pos_d, pos_q;
    logic seeded_d, seeded_q;  // 1: at least Order words stand in the ring

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

    assign pos_d = restart_i ? 5'd0 : pos_q + 5'd1;
    assign seeded_d = !restart_i && (seeded_q || pos_q == 5'd22);

    always_ff @(posedge clk_i) begin
      logic [KeyBits-1:0] word;
      if (restart_i || advance_i) begin
        if (seeded_d) begin
          word = ring[pos_d-5'd2] ^ ring[pos_d-5'd7] ^ ring[pos_d-5'd15] ^ ring[pos_d-5'd18] ^
            ring[pos_d-5'd21] ^ ring[pos_d-5'd23];
        end else begin
          word = first[pos_d];
        end
        ring[pos_d] <= word;
        pos_q <= pos_d;
        seeded_q <= seeded_d;
      end
    end

    assign key_o = ring[pos_q];
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
