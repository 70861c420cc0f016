// SPDX-License-Identifier: Apache-2.0
// models/link/packer.cpp
// Flits formed from requests, their bytes made on demand, and requests found again in flits.
#include "models/link/packer.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/base/error.h"
#include "models/base/random.h"

namespace lightrack::link {
namespace {

constexpr i64 clocks_per_flit = 4;
constexpr std::size_t first_queue = 64;  // power of two, as the ring of waiting requests stays

void put_little_endian(u8* to, u64 value, std::size_t bytes = sizeof(u64)) {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, &value, bytes);
  } else {
    for (std::size_t k = 0; k < bytes; ++k) to[k] = static_cast<u8>(value >> (8 * k));
  }
}

void put_header_slot(u8* slot, const request& r) {
  slot[0] = static_cast<u8>(r.op);
  slot[1] = static_cast<u8>(named_slots(r));
  put_little_endian(slot + 2, r.tag, 2);
  put_little_endian(slot + 4, r.source, 2);
  put_little_endian(slot + 6, r.destination, 2);
  put_little_endian(slot + 8, r.address);
}

}  // namespace

flit_source::flit_source(const source_params& params, traffic_generator offered)
    : latency_{params.local_latency},
      poison_every_{params.poison_every},
      offered_{std::move(offered)} {
  if (latency_ < 1)
    throw base::config_error{"link.local_latency: " + std::to_string(latency_) +
                             " clocks found, at least 1 is allowed."};
  for (std::size_t vc = 0; vc < port_.size(); ++vc)
    port_[vc].key = base::stream_key(params.seed, params.path + ".vc" + std::to_string(vc));
}

const request* flit_source::next_request(const port& p, int vc) const {
  const request* generated = vc == 0 && offered_.next_clock() < never ? &offered_.front() : nullptr;
  if (p.waiting_head == p.waiting_tail) return generated;
  const request* queued = &p.waiting[p.waiting_head & (p.waiting.size() - 1)];
  return generated != nullptr && generated->clock <= queued->clock ? generated : queued;
}

i64 flit_source::next_ready(int vc) const {
  const port& p = port_[static_cast<std::size_t>(vc)];
  if (p.formed) return p.flits[p.index % flits_kept].formed;
  if (p.open_offset > 0) return p.free;  // the rest of a message has waited since its first slot
  const request* r = next_request(p, vc);
  return r == nullptr ? never : std::max(p.free, r->clock + latency_);
}

bool flit_source::begin_request(port& p, int vc, i64 now) {
  const request* r = next_request(p, vc);
  if (r == nullptr || r->clock + latency_ > now) return false;
  if (p.requests.empty()) [[unlikely]]
    p.requests.resize(requests_kept);
  p.requests[p.begun++ % requests_kept] = *r;
  if (vc == 0 && r == &offered_.front()) {
    offered_.pop();
  } else {
    ++p.waiting_head;
  }
  return true;
}

const presented& flit_source::front(int vc) {
  port& p = port_[static_cast<std::size_t>(vc)];
  if (p.formed) return p.flit;
  const i64 formed = next_ready(vc);
  if (formed >= never)
    throw base::model_error{"flit_source::front: no flit to present on VC" + std::to_string(vc) +
                            "."};
  if (p.flits.empty()) [[unlikely]]
    p.flits.resize(flits_kept);

  flit_record record{.formed = formed, .offset = p.open_offset};
  int slots = 0;
  while (slots < slots_per_flit) {
    if (p.open_offset == 0 && !begin_request(p, vc, formed)) break;
    if (slots == 0) record.request = p.begun - 1;
    const int message = message_slots(p.requests[(p.begun - 1) % requests_kept]);
    const int taken = std::min(message - p.open_offset, slots_per_flit - slots);
    slots += taken;
    p.open_offset = static_cast<u16>(p.open_offset + taken);
    if (p.open_offset == message) p.open_offset = 0;
  }
  record.slots = static_cast<u8>(slots);
  record.poison = poison_every_ > 0 && (p.index + 1) % poison_every_ == 0;
  p.flits[p.index % flits_kept] = record;
  p.flit = {.slots = record.slots,
            .poison = record.poison,
            .payload = {.vc = static_cast<u8>(vc), .index = p.index}};
  p.formed = true;
  return p.flit;
}

void flit_source::pop(int vc, i64 h) {
  port& p = port_[static_cast<std::size_t>(vc)];
  if (!p.formed) static_cast<void>(front(vc));
  p.flits[p.index % flits_kept].accepted = h;
  ++p.index;
  p.formed = false;
  p.free = h + clocks_per_flit;
}

void flit_source::offer(int vc, const request& r) {
  port& p = port_[static_cast<std::size_t>(vc)];
  const u64 queued = p.waiting_tail - p.waiting_head;
  if (queued == p.waiting.size()) {
    std::vector<request> larger(std::max(first_queue, 2 * p.waiting.size()));
    for (u64 k = 0; k < queued; ++k)
      larger[k] = p.waiting[(p.waiting_head + k) & (p.waiting.size() - 1)];
    p.waiting = std::move(larger);
    p.waiting_head = 0;
    p.waiting_tail = queued;
  }
  p.waiting[p.waiting_tail++ & (p.waiting.size() - 1)] = r;
}

u64 flit_source::flit_key(const payload_ref& ref) const {
  return base::mix64(port_[ref.vc].key + ref.index);
}

void flit_source::fill(const payload_ref& ref, std::span<u8, payload_size> bytes) const {
  const flit_record& record = this->record(ref);
  const u64 key = flit_key(ref);
  u8* const to = bytes.data();
  // Data everywhere, then headers over it and zeros behind: the loop of random words has no branch.
  const std::size_t used = std::size_t{record.slots} * slot_size;
  for (std::size_t at = 0; at < used; at += sizeof(u64))
    put_little_endian(to + at, base::mix64(key + at));
  std::memset(to + used, 0, payload_size - used);
  u64 number = record.request;
  int slot = 0;
  if (record.offset > 0) slot = message_slots(request_of(ref.vc, number++)) - record.offset;
  while (slot < record.slots) {
    const request& r = request_of(ref.vc, number++);
    put_header_slot(to + slot * slot_size, r);
    slot += message_slots(r);
  }
}

u64 flit_source::digest(const payload_ref& ref) const {
  const flit_record& r = record(ref);
  return base::mix64(flit_key(ref) ^ (r.request << 16 | u64{r.offset} << 4 | r.slots));
}

const flit_record& flit_source::record(const payload_ref& ref) const {
  return port_[ref.vc].flits[ref.index % flits_kept];
}

const request& flit_source::request_of(int vc, u64 number) const {
  return port_[static_cast<std::size_t>(vc)].requests[number % requests_kept];
}

bool flit_source::work_waits(i64 now) const {
  for (int vc = 0; vc < vc_count; ++vc) {
    const port& p = port_[static_cast<std::size_t>(vc)];
    if (p.formed || p.open_offset > 0) return true;
    if (const request* r = next_request(p, vc); r != nullptr && r->clock <= now) return true;
  }
  return false;
}

flit_sink::flit_sink(const sink_params& params, const flit_source* far, flit_source* near)
    : params_{params}, far_{far}, near_{near} {
  if (params.local_latency < 1)
    throw base::config_error{"link.local_latency: " + std::to_string(params.local_latency) +
                             " clocks found, at least 1 is allowed."};
  if (params.service_latency < 0 || params.stall_clocks < 0)
    throw base::config_error{
        "traffic: service_latency and stall_clocks of a sink must not be negative."};
}

void flit_sink::take(int vc, i64 h, const payload_ref& ref, u8 slots, bool poison, bool corrupt) {
  const auto channel = static_cast<std::size_t>(vc);
  sink_counters& count = counters_[channel];
  ++count.flits;
  count.slots += slots;
  count.poisoned += poison ? 1 : 0;
  count.corrupt += corrupt ? 1 : 0;
  const bool stall = params_.stall_every > 0 && count.flits % params_.stall_every == 0;
  ready_[channel] = stall ? h + clocks_per_flit + params_.stall_clocks : h + 1;

  u64& expected = expected_[channel];
  if (ref.index < expected) {
    ++count.repeated;
    return;
  }
  if (ref.index != expected) [[unlikely]] {
    count.lost += ref.index - expected;
    // Records far behind may be gone; messages that ended there are then missing in `broken`.
    if (ref.index - expected > flit_source::flits_kept / 2) {
      whole_[channel] = false;
      expected = ref.index;
    }
    for (; expected < ref.index; ++expected)
      unpack(vc, h, {.vc = ref.vc, .index = expected}, false);
  }
  ++expected;
  if (const i64 accepted = far_->record(ref).accepted; accepted >= params_.warmup_clock)
    flit_latency_.add(static_cast<u64>(h - accepted));
  unpack(vc, h, ref, true);
}

void flit_sink::unpack(int vc, i64 h, const payload_ref& ref, bool delivered) {
  const auto channel = static_cast<std::size_t>(vc);
  const flit_record& record = far_->record(ref);
  u64 number = record.request;
  int offset = record.offset;
  for (int left = record.slots; left > 0;) {
    const request& r = far_->request_of(ref.vc, number);
    if (offset == 0) whole_[channel] = true;
    if (!delivered) whole_[channel] = false;
    const int taken = std::min(message_slots(r) - offset, left);
    left -= taken;
    offset += taken;
    if (offset < message_slots(r)) return;
    if (whole_[channel]) {
      complete(vc, h, r);
    } else {
      ++counters_[channel].broken;
    }
    whole_[channel] = false;
    ++number;
    offset = 0;
  }
}

void flit_sink::complete(int vc, i64 h, const request& r) {
  sink_counters& count = counters_[static_cast<std::size_t>(vc)];
  ++count.requests;
  const i64 at_sink = h + params_.local_latency;
  if (r.clock >= params_.warmup_clock) request_latency_.add(static_cast<u64>(at_sink - r.clock));
  if (r.op == operation::read) {
    if (near_ == nullptr) return;
    request data = r;
    data.clock = at_sink + params_.service_latency;
    data.op = operation::read_data;
    data.source = r.destination;
    data.destination = r.source;
    near_->offer(1, data);
  } else if (r.op != operation::write_acknowledge) {
    count.useful_bytes += r.bytes;
  }
}

}  // namespace lightrack::link
