// SPDX-License-Identifier: Apache-2.0
// tb/bridge/coding_path.h
// One Verilated build of lr_coding_top, driven clock by clock: flits to lane words, lane words to
// flits.
//
// Time:   a clock is: inputs set, evaluation with the clock low (outputs settle), ports read,
// evaluation with it high. Faults: a failed assertion of the RTL, or a transmitter that stands
// still, throws base::model_error. Not modelled: wrong alignment: words come deskewed, as the
// receive side of lr_coding_top wants them.
#pragma once

#include <fmt/format.h>
#include <verilated.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "models/base/error.h"
#include "models/link/stream_json.h"
#include "rtl/link_pkg.h"
#include "tb/bridge/rtl_coding.h"

namespace lightrack::bridge {

/// What the transmit side is given of a flit; the RTL adds the rest.
struct flit_content {
  link::u64 header = 0;
  link::payload_bytes payload{};
};

template <class Model, int Lanes, int Spares = 0, bool LightFec = false>
class coding_path {
 public:
  coding_path() : context_{std::make_unique<VerilatedContext>()} {
    Verilated::threadContextp(context_.get());
    context_->threads(1);
    context_->fatalOnError(false);
    context_->assertOn(true);
    model_ = std::make_unique<Model>(context_.get(), "coding");
    Model& m = *model_;
    m.rst_ni = 0;
    for (int edge = 0; edge < 4; ++edge) {
      m.clk_i = edge & 1;
      m.eval();
    }
    m.rst_ni = 1;
  }
  ~coding_path() { model_->final(); }
  coding_path(const coding_path&) = delete;  // the model knows its context by address

  /// The first `words` words of the stream of these flits, mapped on the lowest of `lanes`.
  std::vector<link::lane_word> send(const link::stream_shape& shape,
                                    std::span<const flit_content> flits, std::size_t words,
                                    link::u32 lanes = all_lanes) {
    Model& m = *model_;
    m.tx_lanes_i = static_cast<std::remove_reference_t<decltype(m.tx_lanes_i)>>(lanes);
    m.tx_interval_i = static_cast<SData>(shape.marker_interval);
    m.tx_first_count_i = shape.first_count;
    m.tx_flags_i = shape.flags;
    m.tx_good_i = shape.good_bitmap;
    std::vector<link::lane_word> sent;
    std::size_t flit = 0;
    std::size_t beat = 0;
    const std::size_t longest = words + 4 * pkg_clocks + 16;
    for (std::size_t clock = 0; sent.size() < words; ++clock) {
      if (clock > longest) {
        throw base::model_error(fmt::format("lr_coding_top: {} of {} words sent in {} clocks",
                                            sent.size(), words, clock));
      }
      m.tx_start_i = clock == 0;
      m.tx_valid_i = flit < flits.size();
      if (flit < flits.size()) {
        const link::flit_bytes bytes = placed(flits[flit]);
        m.tx_header_i = flits[flit].header;
        std::memcpy(&m.tx_beat_i[0], bytes.data() + 64 * beat, 64);
      }
      low();
      // A flit is taken with its beat 0, and its other beats come in the next three clocks.
      if (m.tx_take_o || beat != 0) ++beat;
      if (beat == 4) {
        beat = 0;
        ++flit;
      }
      if (m.tx_word_valid_o)
        std::memcpy(sent.emplace_back().data(), &m.tx_word_o[0], sizeof m.tx_word_o);
      high();
    }
    m.tx_valid_i = 0;
    return sent;
  }

  rtl_reading receive(int marker_interval, std::span<const link::lane_word> words,
                      link::u32 lanes = all_lanes) {
    Model& m = *model_;
    m.rx_lanes_i = static_cast<std::remove_reference_t<decltype(m.rx_lanes_i)>>(lanes);
    low();
    high();
    m.rx_interval_i = static_cast<SData>(marker_interval);
    rtl_reading reading;
    link::flit_bytes bytes{};
    // After the last word, zeros until what it caused has come; what they would cause themselves is
    // not looked at.
    const std::size_t clocks = words.size() + rx_latency;
    for (std::size_t clock = 0; clock < clocks; ++clock) {
      const link::lane_word word = clock < words.size() ? words[clock] : link::lane_word{};
      m.rx_valid_i = 1;
      std::memcpy(&m.rx_word_i[0], word.data(), sizeof m.rx_word_i);
      low();
      if (m.rx_beat_valid_o)
        std::memcpy(bytes.data() + 64 * m.rx_beat_index_o, &m.rx_beat_o[0], 64);
      if (m.rx_done_o) {
        reading.flits.push_back({.last_word = clock - rx_latency,
                                 .good = m.rx_good_o != 0,
                                 .corrected = m.rx_fec_o,
                                 .header = m.rx_header_o,
                                 .payload = link::payload_of(bytes)});
      }
      if (clock >= link::pkg::marker_rx && clock - link::pkg::marker_rx < words.size())
        read_marker(reading);
      high();
    }
    m.rx_valid_i = 0;
    low();
    high();
    return reading;
  }

 private:
  static constexpr link::u32 all_lanes = (1U << (Lanes + Spares)) - 1;
  static constexpr std::size_t rx_latency =
      link::pkg::rx_lat + (LightFec ? link::pkg::fec_rx_lat : 0);
  static constexpr std::size_t pkg_clocks = link::pkg::tx_lat + link::pkg::beats_per_flit;

  /// The flit's bytes with header, CRC and FEC places empty: the RTL fills them.
  static link::flit_bytes placed(const flit_content& flit) {
    link::flit_bytes bytes{};
    std::copy_n(flit.payload.begin(), 120, bytes.begin() + 6);
    std::copy_n(flit.payload.begin() + 120, 120, bytes.begin() + 128);
    return bytes;
  }

  [[nodiscard]] link::u64 bip_errors(std::size_t lane) const {
    if constexpr (Lanes + Spares > 16) {
      return model_->rx_bip_errors_o[lane / 8] >> 4 * (lane % 8) & 15;
    } else {
      return link::u64{model_->rx_bip_errors_o} >> 4 * lane & 15;
    }
  }

  void read_marker(rtl_reading& reading) const {
    const Model& m = *model_;
    if (m.rx_marker_o) reading.markers.push_back({.flags = m.rx_flags_o, .count = m.rx_count_o});
    for (std::size_t lane = 0; lane < Lanes + Spares; ++lane) {
      reading.missed[lane] += link::u64{m.rx_missed_o} >> lane & 1;
      reading.bip_errors[lane] += bip_errors(lane);
    }
  }

  void low() {
    model_->clk_i = 0;
    model_->eval();
  }
  void high() {
    model_->clk_i = 1;
    model_->eval();
    if (context_->gotError())
      throw base::model_error("lr_coding_top: an assertion of the RTL failed");
  }

  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
};

}  // namespace lightrack::bridge
