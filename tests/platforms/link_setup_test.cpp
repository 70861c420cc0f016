// SPDX-License-Identifier: Apache-2.0
// tests/platforms/link_setup_test.cpp: from keys to numbers, and rules that concern several keys.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "models/base/units.h"
#include "models/link/link_parameters.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {
namespace {

link_setup setup_of(std::initializer_list<const char*> sets) {
  base::config c = link_config();
  for (const char* s : sets) c.set(s);
  return make_link_setup(c);
}

std::string refusal(std::initializer_list<const char*> sets) {
  try {
    static_cast<void>(setup_of(sets));
  } catch (const base::config_error& e) {
    return e.what();
  }
  return "accepted";
}

TEST(link_setup, the_default_is_sixteen_lanes_of_fifty_gigabits_over_twenty_meters) {
  const link_setup s = setup_of({});
  EXPECT_EQ(s.profile, "SC25_DWDM");
  EXPECT_EQ(s.clock_fs, 640'000);
  EXPECT_EQ(s.raw_gbps(), 800);
  EXPECT_EQ(s.fidelity(), "flit");
  EXPECT_DOUBLE_EQ(s.to_east.channel.pmd_latency_ns, 17.92)
      << "24 ns less 9 clocks, in whole clocks";
  EXPECT_EQ(link::receive_channel{s.to_east.channel}.flight(), 181)
      << "(97.9 + 17.92) ns / 640 ps, rounded up";
  EXPECT_EQ(s.time, 156'250) << "100 us";
  EXPECT_EQ(s.warmup, 7'813) << "5 us, longer than four round trips";
  EXPECT_EQ(s.local_latency, 4);
}

TEST(link_setup, a_long_fiber_makes_the_warmup_four_round_trips) {
  const link_setup s = setup_of({"fiber.length=2 km", "channel.ber=0"});
  const i64 flight = link::receive_channel{s.to_east.channel}.flight();
  EXPECT_EQ(flight, 15'325) << "(9790 + 17.92) ns / 640 ps";
  EXPECT_EQ(s.warmup, 4 * 2 * (flight + 9 + 4));
  EXPECT_GT(s.endpoint.lock_min_clocks, 2 * flight + 2 * 4);
}

TEST(link_setup, a_profile_sets_and_an_explicit_key_overrides) {
  const link_setup s = setup_of({"engine.profile=GEN2_4T"});
  EXPECT_EQ(s.endpoint.lanes, 8);
  EXPECT_EQ(s.raw_gbps(), 256);
  EXPECT_EQ(s.clock_fs, 2'000'000) << "64 bits at 32 Gb/s";
  EXPECT_EQ(setup_of({"engine.profile=GEN2_4T", "link.lanes=4"}).raw_gbps(), 128);
  EXPECT_EQ(setup_of({"engine.links_per_port=4"}).endpoint.lanes, 4);
}

TEST(link_setup, contradictions_are_refused) {
  EXPECT_EQ(refusal({"engine.profile=GEN2_4T", "link.lanes=16"}),
            "--set: link.lanes = 16: contradicts engine.profile = GEN2_4T, which has 8 wavelengths "
            "a port; allowed are 8 or fewer");
  EXPECT_EQ(refusal({"engine.links_per_port=2", "link.lanes=16"}),
            "--set: link.lanes = 16: contradicts engine.links_per_port = 2, for SC25_DWDM has 16 "
            "wavelengths a port; allowed are 8 or fewer");
  EXPECT_EQ(
      refusal({"channel.ber=[0, 0, 1e-9]"}),
      "--set: channel.ber = [0, 0, 1e-09]: 3 values contradict link.lanes = 16; allowed is one "
      "value, or one a lane");
  EXPECT_EQ(refusal({"traffic.pattern=file"}),
            "--set: traffic.pattern = \"file\": needs traffic.file, which is not given; allowed is "
            "traffic.file = \"FILE.csv\" beside it");
  EXPECT_EQ(refusal({"traffic.pattern=uniform", "traffic.file=x.csv"}),
            "--set: traffic.file = \"x.csv\": contradicts traffic.pattern = uniform; allowed is "
            "traffic.pattern = file");
}

TEST(link_setup, a_clock_that_is_not_whole_femtoseconds_names_the_nearest_rates) {
  const std::string text = refusal({"engine.gbps_per_lambda=53.125"});
  EXPECT_EQ(text,
            "--set: engine.gbps_per_lambda = 53.125: the clock, 32 bits / 53.125 Gb/s = "
            "602352.9412 fs, is not a whole number of "
            "femtoseconds; the nearest allowed are 53.124994812 Gb/s (602353 fs) and "
            "53.1250830079 Gb/s (602352 fs)");
  // Both of them are taken as they are printed.
  EXPECT_EQ(setup_of({"engine.gbps_per_lambda=53.124994812"}).clock_fs, 602'353);
  EXPECT_EQ(setup_of({"engine.gbps_per_lambda=53.1250830079"}).clock_fs, 602'352);
}

TEST(link_setup, a_burst_end_meets_another_fidelity_as_flit) {
  const link_setup both = setup_of({"link.fidelity.default=burst"});
  EXPECT_EQ(both.fidelity(), "burst");
  EXPECT_EQ(both.curve.lanes, 16);
  EXPECT_EQ(both.met_as_flit, "");
  const link_setup one = setup_of({"link.fidelity.link0.west=burst"});
  EXPECT_EQ(one.fidelity(), "flit");
  EXPECT_EQ(one.met_as_flit, "link0.west");
  const link_setup mixed =
      setup_of({"link.fidelity.default=burst", "link.fidelity.link0.west=rtl"});
  EXPECT_EQ(mixed.fidelity(), "rtl-flit");
  EXPECT_EQ(mixed.met_as_flit, "link0.east");
}

TEST(link_setup, bursts_have_fec_spares_and_rests_as_flits_have) {
  const link_setup s = setup_of(
      {"link.fidelity.default=burst", "link.spares=2", "link.fec=light", "link.quiesce_after=64"});
  EXPECT_TRUE(s.burst());
  EXPECT_EQ(s.curve.fec, "light");
  EXPECT_EQ(s.curve.verdict_clocks, 16);
  EXPECT_EQ(s.endpoint.spares, 2);
  EXPECT_EQ(s.endpoint.quiesce_after, 64);
}

TEST(link_setup, a_named_curve_takes_the_place_of_the_built_in_one) {
  const std::string file = testing::TempDir() + "other.toml";
  link::service_curve curve = link::specified_curve(16, false);
  curve.gbps_per_lambda = 25;
  curve.git = "other";
  link::write_service_curve(curve, file);
  const std::string key = "link.service_curve=" + file;
  EXPECT_EQ(
      setup_of({"link.fidelity.default=burst", "engine.gbps_per_lambda=25", key.c_str()}).curve.git,
      "other");
  EXPECT_EQ(refusal({"link.fidelity.default=burst", key.c_str()}),
            "--set: link.fidelity.default = \"burst\": burst: its service curve was fitted to 16 "
            "lanes of 25 Gb/s with FEC none, the link has 16 of 50 Gb/s with FEC none; 'lightrack "
            "fit link' fits one, allowed besides are flit and rtl");
  std::remove(file.c_str());
}

TEST(link_setup, what_is_not_modelled_is_refused_by_name) {
  EXPECT_EQ(
      refusal({"link.fidelity.default=burst", "engine.gbps_per_lambda=25"}),
      "--set: link.fidelity.default = \"burst\": burst has no service curve "
      "lanes16_25g_none.toml for 16 lanes of 25 Gb/s with FEC none; 'lightrack fit link' makes "
      "one, allowed besides are flit and rtl");
  EXPECT_EQ(refusal({"engine.profile=COPPER_NVL72"}),
            "--set: engine.profile = \"COPPER_NVL72\": copper pairs have no optical link; allowed "
            "for run link are the profiles with 4 or "
            "more wavelengths a port");
}

TEST(link_setup, spares_and_fec_come_from_the_profile_or_by_name) {
  EXPECT_EQ(setup_of({}).endpoint.spares, 0);
  EXPECT_FALSE(setup_of({}).endpoint.light_fec);
  const link_setup spare = setup_of({"engine.profile=SC25_DWDM_SPARE", "link.fec=light"});
  EXPECT_EQ(spare.endpoint.spares, 1);
  EXPECT_EQ(spare.to_east.channel.spares, 1);
  EXPECT_EQ(spare.to_west.channel.spares, 1);
  EXPECT_TRUE(spare.endpoint.light_fec);
  EXPECT_EQ(
      refusal({"link.spares=1", "channel.skew_words=[1, 2]"}),
      "--set: channel.skew_words = [1, 2]: 2 values contradict link.lanes + link.spares = 17; "
      "allowed is one value, or one a lane");
  EXPECT_EQ(setup_of({"link.spares=2", "channel.events=[{time=1, lane=17, what=\"lose\"}]"})
                .to_east.channel.events[0]
                .lane,
            17);
}

TEST(link_setup, lanes_are_switched_off_an_end) {
  const link_setup both = setup_of({"link.lanes_off=6"});
  EXPECT_EQ(both.endpoint_of(true).lanes_off, 6U);
  EXPECT_EQ(both.endpoint_of(false).lanes_off, 6U);
  const link_setup one = setup_of(
      {"link.lanes_off=[0, 1]", "link.lane_wait_clocks=500", "link.marker_interval_bad=64"});
  EXPECT_EQ(one.endpoint_of(true).lanes_off, 0U);
  EXPECT_EQ(one.endpoint_of(false).lanes_off, 1U);
  EXPECT_EQ(one.endpoint.lane_wait_clocks, 500);
  EXPECT_EQ(one.endpoint.marker_interval_bad, 64);
  EXPECT_EQ(refusal({"link.lanes_off=65536"}),
            "--set: link.lanes_off = 65536: 65536 names lanes that are not there, for link.lanes = "
            "16");
  EXPECT_EQ(refusal({"link.lanes_off=[1, 2, 3]"}),
            "--set: link.lanes_off = [1, 2, 3]: 3 values; allowed is one bitmap, or [west, east]");
}

TEST(link_setup, fidelity_is_chosen_an_instance) {
  EXPECT_EQ(setup_of({"link.fidelity.link0.west=rtl"}).fidelity(), "rtl-flit");
  EXPECT_EQ(setup_of({"link.fidelity.default=rtl", "link.fidelity.link0.west=flit"}).fidelity(),
            "flit-rtl");
  EXPECT_EQ(setup_of({"link.fidelity.link0.*=rtl", "link.fidelity.link0.east=flit"}).fidelity(),
            "rtl-flit")
      << "a name beats a pattern";
  EXPECT_EQ(refusal({"link.fidelity.link0.wset=rtl"}),
            "--set: link.fidelity.link0.wset = \"rtl\": no endpoint has this name; allowed are "
            "link0.west and link0.east, or a pattern "
            "such as link0.*, nearest is link0.west");
}

TEST(link_setup, events_go_to_the_direction_of_their_transmitter) {
  const link_setup s = setup_of(
      {"channel.events=[{time=\"64ns\", lane=3, direction=\"west_to_east\", what=\"lose\"}, "
       "{time=1, lane=\"all\", what=\"return\"}]"});
  ASSERT_EQ(s.to_east.channel.events.size(), 2U);
  EXPECT_EQ(s.to_east.channel.events[0].clock, 100);
  EXPECT_EQ(s.to_east.channel.events[0].lane, 3);
  ASSERT_EQ(s.to_west.channel.events.size(), 1U);
  EXPECT_EQ(s.to_west.channel.events[0].lane, -1);
}

TEST(link_setup, a_malformed_line_of_a_traffic_file_names_file_line_and_column) {
  const std::string file = (std::filesystem::path{testing::TempDir()} / "bad.csv").string();
  std::ofstream{file} << "time_ns,source,destination,operation,address,bytes\n0,west,east,write,0,"
                         "256\n5,west,east,scribble,0,64\n";
  const std::string text = refusal({("traffic.file=" + file).c_str()});
  EXPECT_TRUE(text.starts_with(file + ":3: operation: 'scribble'")) << text;
}

TEST(link_setup, the_hash_follows_the_content_of_a_traffic_file) {
  const std::string file = (std::filesystem::path{testing::TempDir()} / "hash.csv").string();
  const auto hash_with = [&](const char* row) {
    std::ofstream{file} << "time_ns,source,destination,operation,address,bytes\n" << row << "\n";
    return setup_of({("traffic.file=" + file).c_str()}).config_hash;
  };
  const u64 first = hash_with("0,west,east,write,0,256");
  EXPECT_NE(hash_with("0,west,east,write,0,128"), first);
  EXPECT_EQ(hash_with("0,west,east,write,0,256"), first);
}

TEST(link_setup, the_effective_configuration_builds_the_same_link) {
  base::config c = link_config();
  c.set("engine.profile=GEN3_8T");
  c.set("channel.skew_words=[0,1,2,3,4,5,6,7,0,0,0,0,0,0,0,15]");
  const link_setup first = make_link_setup(c);
  base::config again = link_config();
  again.parse(first.effective_toml, "config.toml");
  const link_setup second = make_link_setup(again);
  EXPECT_EQ(second.effective_toml, first.effective_toml);
  EXPECT_EQ(second.config_hash, first.config_hash);
}

// Literal rows of the table of parameters that this model must agree with.
TEST(link_parameters, defaults_and_ranges_are_those_of_the_parameter_table) {
  struct row {
    const char* name;
    const char* unit;
    const char* standard;
    double min;
    double max;
  };
  const base::config c = link_config();
  for (const row& r :
       {row{"fiber.length", "m", "20", 0.5, 2000},
        row{"link.replay_depth", "flits", "256", 64, 511},
        row{"link.rx_depth", "flits", "256", 64, 511}, row{"link.window", "flits", "511", 1, 511},
        row{"link.marker_interval", "flits", "4096", 64, 4096},
        row{"link.replay_limit", "count", "8", 1, 255},
        row{"link.local_latency", "ns", "2", 0.64, 100},
        row{"channel.pmd_latency", "ns", "24", 2, 300}, row{"channel.ber", "1", "0", 0, 0.5},
        row{"channel.burst_bits", "bits", "1", 1, 64},
        row{"channel.slip_settle", "clocks", "32", 1, 1000}, row{"traffic.load", "1", "1", 0, 10},
        row{"traffic.bytes", "B", "256", 16, 4096}, row{"traffic.warmup", "us", "5", 0, 1000},
        row{"sim.progress_timeout", "us", "200", 1, 1e6}}) {
    SCOPED_TRACE(r.name);
    const base::parameter* p = c.known().find(r.name);
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(p->unit, r.unit);
    EXPECT_EQ(p->standard, r.standard);
    EXPECT_EQ(p->min, r.min);
    EXPECT_EQ(p->max, r.max);
  }
}

TEST(link_parameters, each_has_evidence_and_a_note) {
  const base::config c = link_config();
  for (const base::parameter& p : c.known().all()) {
    EXPECT_FALSE(p.evidence.empty()) << p.name;
    EXPECT_FALSE(p.note.empty()) << p.name;
    EXPECT_FALSE(p.unit.empty()) << p.name;
  }
}

}  // namespace
}  // namespace lightrack::platforms
