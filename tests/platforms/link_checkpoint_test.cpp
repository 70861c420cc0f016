// SPDX-License-Identifier: Apache-2.0
// tests/platforms/link_checkpoint_test.cpp
// Whole runs that are saved and restored, against runs that were not: every figure of the result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/base/error.h"
#include "models/link/flit_endpoint.h"
#include "platforms/cli/commands.h"
#include "platforms/link/link_report.h"

namespace lightrack::platforms {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

struct saved_run : testing::Test {
  std::filesystem::path file =
      std::filesystem::path{testing::TempDir()} /
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".ckpt");
  void TearDown() override { std::filesystem::remove(file); }

  static link_setup setup_of(const std::vector<std::string>& sets) {
    base::config c = link_config();
    c.imply("sim.time", 40);
    for (const std::string& s : sets) c.set(s);
    return make_link_setup(c);
  }
  static link_result run(const std::vector<std::string>& sets, link_run_options options = {}) {
    options.kernel = false;
    return run_link(setup_of(sets), {.flit = link::make_flit_endpoint, .rtl = cli::rtl_endpoints()},
                    options);
  }
  link_result restored(const std::vector<std::string>& sets, link_run_options options = {}) {
    base::checkpoint c{file};
    options.restore = &c;
    return run(sets, options);
  }
  /// Clocks of a time, at 16 lanes or another period.
  static i64 clocks(double us, i64 clock_fs = 640'000) {
    return static_cast<i64>(us * 1e9 / static_cast<double>(clock_fs));
  }
};

std::string figures(const link_result& r) {
  nlohmann::json j = link_json(r);
  j.erase("wall_s");
  j.erase("first_event_s");
  return j.dump(1);
}

TEST_F(saved_run, has_every_figure_of_a_run_that_was_not) {
  for (const std::vector<std::string>& sets : std::vector<std::vector<std::string>>{
           {"channel.ber=1e-5", "traffic.read_fraction=0.4"},
           {"link.lanes=8", "link.spares=1", "link.fec=light", "channel.ber=3e-5",
            "channel.events=[{time=25, lane=3, direction=\"west_to_east\", what=\"lose\"}]"},
           {"link.quiesce_after=8", "traffic.load=0.001"},
           {"light.events=[{time=25, what=\"connector_loss\", value=2}]"}}) {
    SCOPED_TRACE(sets.front() + " " + sets.back());
    const link_result whole = run(sets);
    ASSERT_TRUE(whole.complete) << whole.stopped_by;
    for (const double us : {0.0, 4.0, 17.3, 30.0, 39.9}) {
      SCOPED_TRACE(us);
      const i64 after = clocks(us, whole.setup.clock_fs);
      const link_result saving =
          run(sets, {.save = {.file = file.string(), .after_active = after}});
      EXPECT_EQ(figures(saving), figures(whole)) << "to be saved changes nothing";
      ASSERT_GE(saving.saved_clock, saving.active_clock + after);
      const link_result rest = restored(sets, {.threads = 2});
      EXPECT_EQ(figures(rest), figures(whole));
    }
  }
}

TEST_F(saved_run, has_them_at_rtl_and_in_mixed_pairs) {
  for (const char* pair : {"rtl-rtl", "rtl-flit", "flit-rtl"}) {
    const std::string p{pair};
    const std::vector<std::string> sets = {"link.fidelity.link0.west=" + p.substr(0, p.find('-')),
                                           "link.fidelity.link0.east=" + p.substr(p.find('-') + 1),
                                           "channel.ber=1e-5", "sim.time=4us"};
    SCOPED_TRACE(pair);
    const link_result whole = run(sets);
    const link_result saving =
        run(sets, {.save = {.file = file.string(), .after_active = clocks(2.5), .ends_run = true}});
    EXPECT_EQ(saving.stopped_by, "ended where it was saved");
    EXPECT_FALSE(saving.complete);
    EXPECT_EQ(figures(restored(sets)), figures(whole));
  }
}

TEST_F(saved_run, gives_each_record_once) {
  const std::vector<std::string> sets = {"sim.time=10us"};
  u64 seen = 0;
  const auto count = [&seen](const std::string&, std::span<const base::trace_record> records) {
    seen += records.size();
  };
  const link_result whole = run(sets);
  (void)run(sets, {.records = count,
                   .save = {.file = file.string(), .after_active = clocks(6), .ends_run = true}});
  (void)restored(sets, {.records = count});
  EXPECT_EQ(seen, whole.trace_records);
}

TEST_F(saved_run, can_be_ended_from_outside_and_gone_on_with) {
  const std::vector<std::string> sets = {"channel.ber=1e-6"};
  std::atomic<bool> stop{false};
  link_run_options options{.stop = &stop, .save = {.file = file.string()}};
  options.progress = [&stop](const link_progress& p) { stop = p.share > 0.5; };
  const link_result half = run(sets, options);
  EXPECT_EQ(half.stopped_by, "interrupted");
  EXPECT_EQ(half.saved_clock, half.end_clock);
  EXPECT_EQ(figures(restored(sets)), figures(run(sets)));
}

TEST_F(saved_run, with_a_traffic_file_goes_on_in_its_list) {
  const std::filesystem::path list = std::filesystem::path{testing::TempDir()} / "checkpoint.csv";
  std::ofstream{list} << "time_ns,source,destination,operation,address,bytes\n0,west,east,write,0,"
                         "256\n5000,west,east,write,256,64\n9000,east,west,read,0,128\n";
  const std::vector<std::string> sets = {"traffic.file=" + list.string()};
  const link_result whole = run(sets);
  (void)run(sets, {.save = {.file = file.string(), .after_active = clocks(6)}});
  EXPECT_EQ(figures(restored(sets)), figures(whole));
}

TEST_F(saved_run, is_refused_by_a_run_with_another_seed_or_value) {
  (void)run({}, {.save = {.file = file.string(), .after_active = 0, .ends_run = true}});
  for (const char* other : {"sim.seed=2", "link.window=100", "sim.time=41us"})
    EXPECT_THAT([&] { (void)restored({other}); },
                ThrowsMessage<base::config_error>(
                    HasSubstr("not restored, it was saved under another configuration")))
        << other;
}

TEST_F(saved_run, cannot_be_had_of_burst_yet) {
  EXPECT_THAT(
      [&] { (void)run({"link.fidelity.default=burst"}, {.save = {.file = file.string()}}); },
      ThrowsMessage<base::config_error>(HasSubstr("a burst pair cannot be saved or restored yet")));
}

}  // namespace
}  // namespace lightrack::platforms
