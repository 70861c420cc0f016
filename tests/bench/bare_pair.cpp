// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bare_pair.h"

#include <Vendpoint_16.h>
#include <Vendpoint_16___024root.h>
#include <verilated.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "models/link/endpoint.h"
#include "models/link/packer.h"
#include "tb/bridge/model_clock.h"
#include "tb/bridge/payload_port.h"

// Defined in the Verilated model, which declares them in its own sources only.
void Vendpoint_16___024root___eval_ico(Vendpoint_16___024root* root);
void Vendpoint_16___024root___eval_triggers_vec__act(Vendpoint_16___024root* root);
void Vendpoint_16___024root___eval_nba(Vendpoint_16___024root* root);

namespace lightrack::bench {
namespace {

constexpr std::size_t word_bytes = 64;

link::traffic_generator full_load(const std::string& path) {
  return link::traffic_generator{{.load = 1, .path = path}};
}

}  // namespace

struct bare_pair::end {
  VerilatedContext context;
  std::unique_ptr<Vendpoint_16> model;
  bridge::model_clock<Vendpoint_16___024root, Vendpoint_16___024root___eval_ico,
                      Vendpoint_16___024root___eval_triggers_vec__act,
                      Vendpoint_16___024root___eval_nba>
      evaluation;
  std::vector<std::array<std::uint8_t, word_bytes>> fiber;  ///< what this end sent, by clock
  std::vector<char> light;
  link::flit_source source;
  bridge::transmit_port port{&source, 0};
  std::vector<link::csr_access> writes;
  std::size_t next_write = 0;
  std::uint64_t delivered = 0;

  end(std::int64_t flight, const std::string& path)
      : fiber(static_cast<std::size_t>(flight)),
        light(static_cast<std::size_t>(flight)),
        source{{.path = path}, full_load(path)} {
    Verilated::threadContextp(&context);
    context.threads(1);
    context.assertOn(false);
    model = std::make_unique<Vendpoint_16>(&context);
    link::endpoint_params params;
    params.lock_min_clocks = 2 * flight + 40;
    writes = link::configuration_writes(params);
    model->rst_ni = 0;
    for (int edge = 0; edge < 4; ++edge) {
      model->clk_i = edge & 1;
      model->eval();
    }
    model->rst_ni = 1;
    model->rx_ready_i = 3;
    evaluation.begin(*model->rootp);
  }
  ~end() {
    Verilated::threadContextp(&context);
    model->final();
    model.reset();
  }

  void write_registers(std::int64_t now) {
    if (next_write == writes.size()) return;
    const link::csr_access& w = writes[next_write];
    if (now < w.clock) return;
    model->psel_i = 1;
    model->pwrite_i = 1;
    model->penable_i = now > w.clock;
    model->paddr_i = static_cast<std::uint16_t>(w.offset);
    model->pwdata_i = w.value;
    model->pstrb_i = 0xF;
  }

  void clock(const end& far, std::int64_t now, std::size_t at) {
    write_registers(now);
    std::memcpy(&model->rx_word_i[0], far.fiber[at].data(), word_bytes);
    model->signal_ok_i = far.light[at] != 0 ? 0xFFFF : 0;
    if (port.load(now)) std::memcpy(&model->tx_beat_i[0], port.beat(), word_bytes);
    model->tx_valid_i = port.valid();
    model->tx_slots_i = port.slots();
    evaluation.settle(*model->rootp);

    if (port.valid() && (model->tx_ready_o & 1) != 0) (void)port.handshake(now);
    delivered += (model->rx_valid_o & 1U) + (model->rx_valid_o >> 1 & 1U);
    const bool written = model->penable_i != 0 && model->pready_o != 0;
    evaluation.edge(*model->rootp);
    if (written) {
      model->psel_i = model->penable_i = 0;
      ++next_write;
    }
  }

  /// The word of this clock takes the place of the one that the far end has just read.
  void send(std::size_t at, const VlWide<16>& word, bool lit) {
    std::memcpy(fiber[at].data(), &word[0], word_bytes);
    light[at] = lit ? 1 : 0;
  }
};

bare_pair::bare_pair(std::int64_t flight_clocks)
    : west_{std::make_unique<end>(flight_clocks, "west")},
      east_{std::make_unique<end>(flight_clocks, "east")} {}
bare_pair::~bare_pair() = default;

void bare_pair::run(std::int64_t clocks) {
  const auto flight = static_cast<std::int64_t>(west_->fiber.size());
  auto at = static_cast<std::size_t>(now_ % flight);
  for (const std::int64_t last = now_ + clocks; now_ < last; ++now_) {
    // Outputs are registered: they stand before the clock is evaluated.
    const VlWide<16> west_word = west_->model->tx_word_o;
    const VlWide<16> east_word = east_->model->tx_word_o;
    const bool west_light = west_->model->tx_light_o != 0;
    const bool east_light = east_->model->tx_light_o != 0;
    west_->clock(*east_, now_, at);
    east_->clock(*west_, now_, at);
    west_->send(at, west_word, west_light);
    east_->send(at, east_word, east_light);
    if (++at == west_->fiber.size()) at = 0;
  }
}

std::uint64_t bare_pair::flits() const { return west_->delivered + east_->delivered; }

}  // namespace lightrack::bench
