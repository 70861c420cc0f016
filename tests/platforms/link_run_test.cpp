// SPDX-License-Identifier: Apache-2.0
// tests/platforms/link_run_test.cpp: whole runs at flit fidelity, without the kernel so that one
// test may run several.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/link/flit_endpoint.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

link_result run(const std::vector<std::string>& sets, link_run_options options = {}) {
  base::config c = link_config();
  c.imply("sim.time", 40);
  for (const std::string& s : sets) c.set(s);
  options.kernel = false;
  return run_link(make_link_setup(c), {.flit = link::make_flit_endpoint, .rtl = {}}, options);
}

double product(const std::vector<waterfall_stage>& stages) {
  double p = stages.front().gbps;
  for (const waterfall_stage& s : stages) p *= s.factor;
  return p;
}

std::vector<waterfall_stage> stages_of(const link_result& r, const link_direction_result& d) {
  return waterfall(r.setup, d, r.window_end - r.window_begin, r.round_trip);
}

TEST(link_run, full_load_of_256_byte_writes_reaches_what_markers_flits_and_slots_leave) {
  const link_result r = run({});
  ASSERT_TRUE(r.complete);
  // 800 x 0.99976 x 240/256 x 16/17
  EXPECT_NEAR(r.to_east.goodput_gbps, 705.7, 0.3);
  EXPECT_NEAR(r.to_west.goodput_gbps, 705.7, 0.3);
  EXPECT_NEAR(r.to_east.bound_gbps, 705.71, 0.01);
  EXPECT_EQ(r.to_east.whole.sink.lost, 0U);
  EXPECT_NE(limit_sentence(r).find("the link is full"), std::string::npos) << limit_sentence(r);
}

TEST(link_run, a_flit_takes_flight_and_pipeline) {
  const link_result r = run({"traffic.load=0.1"});
  EXPECT_EQ(r.to_east.flit_latency.min(), 181U + 12U)
      << "flight, 3 to the lane, 3 more words, 1 deskew, 3 to the verdict, 2 to the port";
}

TEST(link_run, the_waterfall_multiplies_to_the_measured_goodput) {
  for (const std::vector<std::string>& sets :
       std::vector<std::vector<std::string>>{{},
                                             {"channel.ber=1e-6"},
                                             {"traffic.load=0.3"},
                                             {"link.window=40"},
                                             {"link.rx_depth=64"},
                                             {"traffic.read_fraction=0.5"},
                                             {"link.lanes=4", "traffic.bytes=100"}}) {
    const link_result r = run(sets);
    ASSERT_TRUE(r.complete);
    for (const link_direction_result* d : {&r.to_east, &r.to_west}) {
      SCOPED_TRACE(sets.empty() ? "default" : sets[0]);
      EXPECT_NEAR(product(stages_of(r, *d)) / d->goodput_gbps, 1, 1e-9);
    }
  }
}

TEST(link_run, the_sentence_names_what_limits) {
  EXPECT_NE(limit_sentence(run({"traffic.load=0.3"})).find("the offered load limits"),
            std::string::npos);
  EXPECT_NE(limit_sentence(run({"link.window=40"})).find("the window limits"), std::string::npos);
  EXPECT_NE(limit_sentence(run({"link.rx_depth=64"})).find("credits limit"), std::string::npos);
  EXPECT_NE(limit_sentence(run({"channel.ber=1e-5"})).find("retry limits"), std::string::npos);
}

TEST(link_run, a_fiber_too_long_for_window_and_credits_alike_is_no_lack_of_load) {
  const link_result r = run({"fiber.length=500", "sim.time=300us"});
  EXPECT_NE(limit_sentence(r).find("window and credits limit together"), std::string::npos)
      << limit_sentence(r);
  // 256 flits a round trip, by default; 300 us cut at most one of 56.
  EXPECT_NEAR(r.to_east.goodput_gbps, 705.7 * 256 / static_cast<double>(r.round_trip), 2);
  EXPECT_NEAR(product(stages_of(r, r.to_east)) / r.to_east.goodput_gbps, 1, 1e-9);
}

TEST(link_run, threads_batches_and_records_change_nothing) {
  const link_result one = run({"channel.ber=1e-6"});
  EXPECT_EQ(run({"channel.ber=1e-6"}, {.threads = 2}).trace_hash, one.trace_hash);
  EXPECT_EQ(run({"channel.ber=1e-6"}, {.max_batch = 7}).trace_hash, one.trace_hash);
  link_run_options kept;
  u64 seen = 0;
  kept.records = [&](const std::string&, std::span<const base::trace_record> records) {
    seen += records.size();
  };
  const link_result traced = run({"channel.ber=1e-6"}, kept);
  EXPECT_EQ(traced.trace_hash, one.trace_hash);
  EXPECT_EQ(seen, traced.trace_records) << "every record was seen once";
}

TEST(link_run, another_seed_is_another_trace) {
  EXPECT_NE(run({"sim.seed=2"}).trace_hash, run({"sim.seed=1"}).trace_hash);
}

TEST(link_run, the_kernel_gives_the_same_run) {
  base::config c = link_config();
  c.set("sim.time=20us");
  const link_setup s = make_link_setup(c);
  const link_factories factories{.flit = link::make_flit_endpoint, .rtl = {}};
  const link_result plain = run_link(s, factories, {.kernel = false});
  const link_result kernel = run_link(s, factories, {.kernel = true});
  EXPECT_EQ(kernel.trace_hash, plain.trace_hash);
  EXPECT_EQ(kernel.end_clock, plain.end_clock);
}

TEST(link_run, light_that_never_comes_is_named) {
  const link_result r = run({"channel.events=[{time=0, lane=\"all\", what=\"lose\"}]"});
  EXPECT_TRUE(r.no_progress);
  EXPECT_FALSE(r.complete);
  EXPECT_EQ(r.to_east.whole.sink.flits, 0U);
  EXPECT_TRUE(r.stopped_by.starts_with(
      "nothing was delivered for 200 us while work is offered: link0.west waits in DETECT "
      "for light that never comes on lanes 0, 1, 2"))
      << r.stopped_by;
}

TEST(link_run, link_down_is_named_with_its_cause_and_the_dark_lane) {
  const link_result r =
      run({"link.lanes=4",  // a lane less is too few
           "light.optics=off",
           "channel.events=[{time=20, lane=3, direction=\"west_to_east\", what=\"lose\"}]",
           "sim.time=6ms", "sim.progress_timeout=5ms"});
  EXPECT_TRUE(r.no_progress);
  EXPECT_TRUE(
      r.stopped_by.starts_with("link0.west went to LINK_DOWN with work left, cause TRAIN_LIMIT"))
      << r.stopped_by;
  EXPECT_NE(r.stopped_by.find("link0.east gets no light on lane 3"), std::string::npos)
      << r.stopped_by;
}

TEST(link_run, a_traffic_file_is_delivered_whole) {
  const std::string file = (std::filesystem::path{testing::TempDir()} / "three.csv").string();
  std::ofstream{file}
      << "time_ns,source,destination,operation,address,bytes\n0,west,east,write,0,256\n"
         "100,west,east,write,256,64\n200,east,west,read,0,128\n";
  const link_result r = run({"traffic.file=" + file});
  EXPECT_EQ(r.to_east.window.sink.useful_bytes, 256U + 64U + 128U)
      << "two writes, and the data of the read";
  EXPECT_EQ(r.to_east.whole.sink.requests, 3U);
  EXPECT_EQ(r.to_west.whole.sink.requests, 1U);
}

TEST(link_run, a_stop_from_outside_leaves_an_incomplete_result) {
  const std::atomic<bool> stop{true};
  const link_result r = run({}, {.stop = &stop});
  EXPECT_FALSE(r.complete);
  EXPECT_EQ(r.stopped_by, "interrupted");
}

TEST(link_run, a_long_load_has_a_confidence_interval_and_a_short_one_too_few_samples) {
  EXPECT_EQ(run({}).to_east.goodput.batches, 20);
  EXPECT_EQ(run({"sim.time=1us"}).to_east.goodput.batches, 0);
}

TEST(link_json, carries_the_keys_that_readers_rely_on) {
  const nlohmann::json j = link_json(run({}));
  for (const char* key : {"platform",      "profile",
                          "seed",          "config_hash",
                          "git",           "fidelity",
                          "simulated_ns",  "wall_s",
                          "trace_hash",    "raw_gbps",
                          "goodput_gbps",  "efficiency",
                          "waterfall",     "flits",
                          "replays",       "naks",
                          "retrains",      "credit_stall_fraction",
                          "latency_ns",    "request_latency_ns",
                          "directions",    "energy_pj_per_bit",
                          "fidelity_error"})
    EXPECT_TRUE(j.contains(key)) << key;
  EXPECT_EQ(j["trace_hash"].get<std::string>().size(), 16U);
  EXPECT_TRUE(j["energy_pj_per_bit"].is_number());
  ASSERT_EQ(j["directions"].size(), 2U);
  EXPECT_EQ(j["flits"]["delivered"].get<u64>(),
            j["directions"][0]["flits"]["delivered"].get<u64>() +
                j["directions"][1]["flits"]["delivered"].get<u64>());
}

}  // namespace
}  // namespace lightrack::platforms
