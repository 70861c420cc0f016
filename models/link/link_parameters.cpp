// SPDX-License-Identifier: Apache-2.0
#include "models/link/link_parameters.h"

#include "models/base/engine_profile.h"
#include "rtl/link_pkg.h"

namespace lightrack::link {
namespace {

using base::value_shape;
using base::value_type;

void declare_link(base::parameter_set& known) {
  const auto count = [&](const char* name, const char* unit, const char* standard, double min,
                         double max, const char* note) {
    known.add({.name = name,
               .unit = unit,
               .type = value_type::integer,
               .standard = standard,
               .min = min,
               .max = max,
               .evidence = "assumed",
               .note = note});
  };
  known.add({.name = "link.lanes",
             .unit = "count",
             .type = value_type::integer,
             .standard = "16",
             .min = 4,
             .max = 16,
             .values = {4, 8, 16},
             .evidence = "assumed",
             .note = "data wavelengths a direction; set by profile and links_per_port"});
  count("link.spares", "count", "0", 0, 2,
        "spare wavelengths a direction, set by the profile; they stand in for lost ones");
  count("link.replay_depth", "flits", "256", 64, 511, "retry buffer");
  count("link.rx_depth", "flits", "256", 64, 511, "receive buffer per virtual channel");
  count("link.window", "flits", "511", 1, 511,
        "software limit on unacknowledged flits; the retry buffer limits them too");
  count("link.marker_interval", "flits", "4096", 64, 4096, "flits between markers");
  known.add({.name = "link.fec",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "none",
             .choices = {"none", "light", "rs544"},
             .evidence = "assumed",
             .note = "set by the profile; rs544 is in rate and hop latency, channel.ber is then "
                     "what it leaves; "
                     "light corrects a byte a group in the link layer, 6 clocks more a direction"});
  known.add({.name = "link.lanes_off",
             .unit = "bitmap",
             .type = value_type::integer,
             .shape = value_shape::list,
             .standard = "0",
             .min = 0,
             .max = 0x3FFFF,
             .evidence = "assumed",
             .note = "receive lanes not to be used, bit l = physical lane l; one value, or "
                     "[west, east] by the end that receives"});
  count("link.lane_wait_clocks", "clocks", "16384", 0, 1e9,
        "training goes on without lanes that are dark or do not lock after it");
  count("link.marker_interval_bad", "flits", "256", 64, 4096,
        "flits between markers toward a receiver that reports a bad lane");
  count("link.quiesce_after", "flit times", "0", 0, 1000000,
        "idle time after which a side asks for QUIESCE; 0 = never");
  count("link.replay_limit", "count", "8", 1, 255, "replays without progress before a retrain");
  count("link.retrain_limit", "count", "4", 1, 255, "retrains without progress before LINK_DOWN");
  count("link.train_limit", "count", "4", 1, 255, "training timeouts before LINK_DOWN");
  count("link.nak_timeout", "flit times", "0", 0, 65535,
        "a replay is asked for again after it; 0 = round trip and a quarter of it");
  count("link.replay_timeout", "flit times", "0", 0, 65535,
        "a replay starts by itself after it; 0 = round trip and a quarter of it");
  known.add({.name = "link.local_latency",
             .unit = "ns",
             .standard = "2",
             .min = 0.64,
             .max = 100,
             .evidence = "assumed",
             .note = "each way, die-to-die hop and converter; whole clocks, rounded up"});
  known.add({.name = "link.csr_latency",
             .unit = "ns",
             .standard = "100",
             .min = 10,
             .max = 1000,
             .evidence = "assumed",
             .note = "each way, sideband to a CSR; interrupts likewise"});
  known.add({.name = "link.fidelity.default",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "flit",
             .choices = {"burst", "flit", "rtl"},
             .evidence = "assumed",
             .note = "fidelity of every endpoint that no other key names"});
  known.add({.name = "link.service_curve",
             .unit = "text",
             .type = value_type::text,
             .evidence = "assumed",
             .note = "service curve of a burst link, as 'lightrack fit link' writes it, in place "
                     "of the built-in one"});
  known.add({.name = "link.fidelity.INSTANCE",
             .unit = "enum",
             .type = value_type::choice,
             .choices = {"burst", "flit", "rtl"},
             .evidence = "assumed",
             .note = "fidelity of one endpoint, such as link.fidelity.link0.west, or of a pattern "
                     "such as link0.*"});
}

void declare_channel(base::parameter_set& known) {
  known.add({.name = "channel.pmd_latency",
             .unit = "ns",
             .standard = "24",
             .min = 2,
             .max = 300,
             .evidence = "derived",
             .note =
                 "SerDes and optics of both ends; where not given, the hop latency of the profile "
                 "less the "
                 "pipeline of the link layer (9 clocks), in whole clocks: 17.92 for the default"});
  known.add({.name = "channel.ber",
             .unit = "1",
             .shape = value_shape::list,
             .standard = "0",
             .min = 0,
             .max = 0.5,
             .evidence = "assumed",
             .note = "wrong bits per bit, one value or one a lane; overrides the optics"});
  known.add({.name = "channel.burst_rate",
             .unit = "1/bit",
             .standard = "0",
             .min = 0,
             .max = 0.01,
             .evidence = "assumed",
             .note = "rate of burst starts"});
  known.add({.name = "channel.burst_bits",
             .unit = "bits",
             .standard = "1",
             .min = 1,
             .max = 64,
             .evidence = "assumed",
             .note = "mean length of a burst"});
  known.add(
      {.name = "channel.ber_drift",
       .unit = "us, 1",
       .shape = value_shape::rows,
       .standard = "[]",
       .columns = {{.name = "time", .unit = "us", .min = 0, .max = 1e9},
                   {.name = "factor", .unit = "1", .min = 0, .max = 1e12}},
       .evidence = "assumed",
       .note = "[[time, factor]]: factor on channel.ber, linear between rows; time from power-on"});
  known.add({.name = "channel.events",
             .unit = "us",
             .shape = value_shape::rows,
             .standard = "[]",
             .columns = {{.name = "time", .unit = "us", .min = 0, .max = 1e9},
                         {.name = "lane",
                          .unit = "count",
                          .type = value_type::integer,
                          .min = 0,
                          .max = 17,
                          .choices = {"all"}},
                         {.name = "direction",
                          .unit = "enum",
                          .type = value_type::choice,
                          .standard = "both",
                          .choices = {"west_to_east", "east_to_west", "west", "east", "both"}},
                         {.name = "what",
                          .unit = "enum",
                          .type = value_type::choice,
                          .choices = {"lose", "return"}}},
             .evidence = "assumed",
             .note = "light of a lane lost or back; time from power-on, direction by its "
                     "transmitter (west = west_to_east)"});
  known.add({.name = "channel.skew_words",
             .unit = "words",
             .type = value_type::integer,
             .shape = value_shape::list,
             .standard = "0",
             .min = 0,
             .max = 15,
             .evidence = "assumed",
             .note = "one value or one a lane"});
  known.add(
      {.name = "channel.offset_bits",
       .unit = "bits",
       .type = value_type::integer,
       .shape = value_shape::list,
       .standard = "random",
       .min = 0,
       .max = 127,
       .choices = {"random"},
       .evidence = "assumed",
       .note = "bit offset of each lane at start; random by seed; below the bits of a lane word"});
  known.add({.name = "channel.slip_settle",
             .unit = "clocks",
             .type = value_type::integer,
             .standard = "32",
             .min = 1,
             .max = 1000,
             .evidence = "assumed",
             .note = "time that the PMD needs after a slip"});
}

void declare_traffic(base::parameter_set& known) {
  known.add({.name = "traffic.load",
             .unit = "1",
             .standard = "1",
             .min = 0,
             .max = 10,
             .evidence = "assumed",
             .note = "useful payload over raw rate, each direction; more than fits is saturation"});
  known.add(
      {.name = "traffic.pattern",
       .unit = "enum",
       .type = value_type::choice,
       .standard = "uniform",
       .choices = {"uniform", "neighbor", "shards", "hot_spot", "pooled_memory", "file"},
       .evidence = "assumed",
       .note = "a link has one peer: uniform and neighbor are the same, file reads traffic.file"});
  known.add({.name = "traffic.bytes",
             .unit = "B",
             .type = value_type::integer,
             .standard = "256",
             .min = 16,
             .max = 4096,
             .evidence = "assumed",
             .note = "request size; a message carries 255 slots at most, so 4080 in run link"});
  known.add({.name = "traffic.read_fraction",
             .unit = "1",
             .standard = "0",
             .min = 0,
             .max = 1,
             .evidence = "assumed",
             .note = "share of reads"});
  known.add({.name = "traffic.file",
             .unit = "text",
             .type = value_type::text,
             .evidence = "assumed",
             .note = "CSV of time_ns,source,destination,operation,address,bytes; times count from "
                     "the start of traffic"});
  known.add({.name = "traffic.warmup",
             .unit = "us",
             .standard = "5",
             .min = 0,
             .max = 1000,
             .evidence = "assumed",
             .note = "after ACTIVE, or four round trips if longer; figures come from the time "
                     "after it; none for a file"});
}

void declare_run(base::parameter_set& known) {
  known.add({.name = "sim.time",
             .unit = "us",
             .standard = "100",
             .min = 0.1,
             .max = 1e7,
             .evidence = "assumed",
             .note = "simulated time from ACTIVE; also --time"});
  known.add(
      {.name = "sim.progress_timeout",
       .unit = "us",
       .standard = "200",
       .min = 1,
       .max = 1e6,
       .evidence = "assumed",
       .note =
           "nothing delivered for so long while work is offered ends the run with exit code 3"});
}

}  // namespace

i64 pipeline_clocks() { return pkg::tx_lat + pkg::deskew_lat + pkg::rx_lat + pkg::deliver_lat; }

void declare_link_parameters(base::parameter_set& known) {
  known.add({.name = "platform",
             .unit = "enum",
             .type = value_type::choice,
             .standard = "link",
             .choices = {"link"},
             .evidence = "assumed",
             .note = "what `lightrack run FILE.toml` builds"});
  base::declare_engine_parameters(known);
  declare_link(known);
  declare_channel(known);
  declare_traffic(known);
  declare_run(known);
}

}  // namespace lightrack::link
