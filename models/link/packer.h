// SPDX-License-Identifier: Apache-2.0
// models/link/packer.h
// The transaction side of an endpoint: requests packed into flits, and flits taken and unpacked.
//
// Time:   local_latency lies between a request's arrival and the port, and between delivery and the sink.
//         A VC's port presents one flit. When the port is free (4 clocks after the last handshake) and at least one
//         slot has waited (arrival + local latency <= n), the flit is formed at the earliest such clock n from the
//         slots that wait at n, 15 at most, and never changes afterwards. So what is presented is a function of
//         arrivals and handshakes alone, however often it is asked.
// Cost:   next_ready(), pop(), take() are on the flit path: no allocation, no virtual call.
#pragma once
// The owner of this file replaces this sketch; these names are what the endpoints call:
//
// struct presented { u8 slots; bool poison; payload_ref payload; };
// class flit_source {
//   i64 next_ready(int vc);              // clock from which a flit of vc is presented (never: none to come as far as known)
//   const presented& front(int vc);      // valid when next_ready(vc) <= now
//   void pop(int vc, i64 h);             // handshake at clock h; next flit of the VC is presented at h + 4 or later
//   void fill(payload_ref, std::span<u8, 240>) const;  // the payload bytes; any thread, for flits still in flight
//   u64 digest(payload_ref) const;       // 64-bit name of the payload, includes the seed; cheap
// };
// class flit_sink {
//   i64 ready_at(int vc);                // ready is high from this clock on, until the next handshake
//   void take(int vc, i64 h, payload_ref, u8 slots, bool poison, bool corrupt);  // handshake at clock h
// };
