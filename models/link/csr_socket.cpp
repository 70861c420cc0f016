// SPDX-License-Identifier: Apache-2.0
#include "models/link/csr_socket.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/base/error.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

constexpr i64 access_spacing = 4;  // clocks between two setup phases, endpoint::access_csr
constexpr u64 address_space = 4096;

/// TLM_OK_RESPONSE where APB can do it.
tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload) {
  if (!payload.is_read() && !payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  if (payload.get_data_ptr() == nullptr) return tlm::TLM_GENERIC_ERROR_RESPONSE;
  if (payload.get_data_length() != 4 || payload.get_streaming_width() < 4)
    return tlm::TLM_BURST_ERROR_RESPONSE;
  if (payload.get_address() % 4 != 0 || payload.get_address() >= address_space)
    return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (payload.get_byte_enable_ptr() != nullptr && payload.get_byte_enable_length() == 0)
    return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  return tlm::TLM_OK_RESPONSE;
}

u8 strobe_of(const tlm::tlm_generic_payload& payload) {
  const unsigned char* enables = payload.get_byte_enable_ptr();
  if (enables == nullptr) return 0xF;
  unsigned strobe = 0;
  for (unsigned byte = 0; byte < 4; ++byte) {
    if (enables[byte % payload.get_byte_enable_length()] == TLM_BYTE_ENABLED) strobe |= 1U << byte;
  }
  return static_cast<u8>(strobe);
}

}  // namespace

csr_socket::csr_socket(const sc_core::sc_module_name& name, link_process& process, endpoint& target,
                       const csr_socket_params& params)
    : sc_module{name},
      target_{target},
      period_fs_{process.period_fs()},
      params_{params},
      next_setup_{params.first_clock} {
  if (process.runner().batch() > params.latency) {
    throw base::config_error{
        fmt::format("{}: batches of {} clocks are longer than the register latency of {} clocks",
                    this->name(), process.runner().batch(), params.latency)};
  }
  bus.register_b_transport(this, &csr_socket::transport);
  process.on_batch([this] { collect(); });
  SC_HAS_PROCESS(csr_socket);
  SC_METHOD(deliver_interrupt);
  sensitive << change_due_;
  dont_initialize();
}

sc_core::sc_time csr_socket::time_of(i64 clock) const {
  return sc_core::sc_time::from_value(
      static_cast<sc_core::sc_time::value_type>(clock * period_fs_));
}

void csr_socket::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  sc_core::wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  payload.set_dmi_allowed(false);
  const auto status = check(payload);
  payload.set_response_status(status);
  if (status != tlm::TLM_OK_RESPONSE) {
    ++counters_.refused;
    return;
  }
  const u8 strobe = strobe_of(payload);
  csr_access wanted{.offset = static_cast<u32>(payload.get_address()),
                    .strobe = strobe,
                    .write = payload.is_write()};
  for (unsigned byte = 0; wanted.write && byte < 4; ++byte)
    wanted.value |= u32{payload.get_data_ptr()[byte]} << (8 * byte);
  ++(wanted.write ? counters_.writes : counters_.reads);
  const access_under_way done = perform(wanted);
  if (!done.answered) {
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else if (done.reply.error) {
    ++counters_.unmapped;
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (!wanted.write) {
    for (unsigned byte = 0; byte < 4; ++byte) {
      if ((strobe >> byte & 1U) != 0)
        payload.get_data_ptr()[byte] = static_cast<u8>(done.reply.value >> (8 * byte));
    }
  }
}

csr_socket::access_under_way csr_socket::perform(const csr_access& wanted) {
  const auto now = static_cast<i64>(sc_core::sc_time_stamp().value());
  const i64 clock = (now + period_fs_ - 1) / period_fs_;
  const i64 setup = std::max(clock + params_.latency, next_setup_);
  next_setup_ = setup + access_spacing;
  csr_access access = wanted;
  access.clock = setup;
  target_.access_csr(access);
  under_way_.push_back({.setup = setup});
  sc_core::wait(time_of(setup + pkg::csr_lat + params_.latency) - sc_core::sc_time_stamp());
  const auto mine = std::ranges::find(under_way_, setup, &access_under_way::setup);
  const access_under_way done = *mine;
  under_way_.erase(mine);
  return done;
}

void csr_socket::collect() {
  for (const csr_reply& reply : target_.csr_replies()) {
    const auto asked = std::ranges::find(under_way_, reply.clock, &access_under_way::setup);
    if (asked == under_way_.end()) continue;  // the platform's own
    asked->answered = true;
    asked->reply = reply;
  }
  const bool idle = changes_.empty();
  for (const interrupt_change& change : target_.interrupt_changes()) changes_.push_back(change);
  check_interrupt();
  if (idle && !changes_.empty()) {
    change_due_.notify(time_of(changes_.front().clock + params_.latency) -
                       sc_core::sc_time_stamp());
  }
}

void csr_socket::check_interrupt() const {
  bool level = delivered_level_;
  for (const interrupt_change& change : changes_) {
    if (change.clock < target_.now()) level = change.level;
  }
  if (level != target_.interrupt()) {
    throw base::model_error{
        fmt::format("{}: the interrupt line is {} at clock {}, but the changes named by the "
                    "endpoint lead to {}",
                    name(), target_.interrupt(), target_.now() - 1, level)};
  }
}

void csr_socket::transfer(base::checkpoint& c) {
  if (!under_way_.empty())
    throw base::config_error{fmt::format(
        "{}: a register access is under way; allowed is to save and restore while none is", name())};
  c.part("register socket");
  std::vector<interrupt_change> pending(changes_.begin(), changes_.end());
  c.list(pending);
  c.values(next_setup_, delivered_level_, counters_);
  if (!c.loads()) return;
  changes_.assign(pending.begin(), pending.end());
  if (irq.size() > 0) irq->write(delivered_level_);
  change_due_.cancel();
  if (!changes_.empty())
    change_due_.notify(time_of(changes_.front().clock + params_.latency) -
                       sc_core::sc_time_stamp());
}

void csr_socket::deliver_interrupt() {
  delivered_level_ = changes_.front().level;
  if (irq.size() > 0) irq->write(delivered_level_);
  changes_.pop_front();
  if (changes_.empty()) return;
  change_due_.notify(time_of(changes_.front().clock + params_.latency) - sc_core::sc_time_stamp());
}

}  // namespace lightrack::link
