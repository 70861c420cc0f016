// SPDX-License-Identifier: Apache-2.0
// models/link/stream_json.h
// `lightrack link encode` and `link decode`: flits to coded bytes and lane streams and back, JSON
// in, JSON out.
//
// Faults: bad input throws base::config_error with one sentence that names the key.
//   json out = link_encode(json::parse(std::cin), flit_backend());
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/link/flit_codec.h"
#include "models/link/marker.h"
#include "models/link/types.h"

namespace lightrack::link {

struct stream_shape {
  int lanes = 16;
  int spares = 0;
  std::vector<int> lane_map{};  ///< [logical] = physical; its length is the active width
  int marker_interval = 4096;   ///< flits
  u16 first_count = 0;
  u8 flags = 0;
  u32 good_bitmap = 0;
  bool fec = false;  ///< of a stream that is read: its flits have light FEC
  [[nodiscard]] int wavelengths() const { return lanes + spares; }
  /// Bytes of one physical lane.
  [[nodiscard]] std::size_t bytes_per_flit() const { return flit_size / lane_map.size(); }
};
using lane_streams = std::vector<std::vector<u8>>;  ///< bytes of each physical lane

/// Header and payload as the receiver hands them on: of a good flit only.
struct decoded_flit {
  flit_verdict verdict{};
  std::optional<fec_result> fec{};  ///< none where light FEC is off
  u64 header = 0;
  payload_bytes payload{};
};

struct decoded_stream {
  std::vector<decoded_flit> flits;
  /// [marker][physical lane]; none where the lane's marker does not stand
  std::vector<std::vector<std::optional<marker_fields>>> markers;
};

/// The coding data path of one fidelity. Each call is whole: all flits, all lanes. Streams begin
/// with a marker, and one more follows each complete interval; they end with a whole marker or
/// flit.
struct coding_backend {
  flit_bytes (*encode)(u64 header, const payload_bytes& payload, bool fec);
  decoded_flit (*judge)(const flit_bytes& raw, bool fec);
  lane_streams (*spread)(const stream_shape& shape, const std::vector<flit_bytes>& flits);
  decoded_stream (*gather)(const stream_shape& shape, const lane_streams& streams);
  bool light_fec = false;  ///< `fec` and stream_shape::fec may be true
};
[[nodiscard]] coding_backend flit_backend();

/// {"flits": [{header, payload, fec}], "stream": {lanes, ...}} to {"flits": [{crc0, crc1, flit}],
/// "streams": [hex]}.
[[nodiscard]] nlohmann::json link_encode(const nlohmann::json& in, const coding_backend& backend);
/// {"flits": [{raw, fec}]} or {"stream", "streams"}, where stream.fec = 1 says that all flits have
/// light FEC, to {"flits": [{good, ..., header, payload}],
/// "markers"}; header and payload of a bad flit are null, and so is a lane's marker that does not
/// stand.
[[nodiscard]] nlohmann::json link_decode(const nlohmann::json& in, const coding_backend& backend);

}  // namespace lightrack::link
