// SPDX-License-Identifier: Apache-2.0
// tests/platforms/conservation_test.cpp: a planted fault trips each law.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/base/error.h"
#include "platforms/link/fidelity_error.h"
#include "platforms/link/link_run.h"

namespace lightrack::platforms {
namespace {

direction_counts sound() {
  direction_counts c;
  c.offered_flits = 1000;
  c.sender.sent_data = 1000;
  c.receiver.accepted = 990;
  c.sink.flits = 985;
  return c;
}

TEST(conservation, sound_counts_pass) {
  EXPECT_NO_THROW(check_conservation("west to east", {}, sound()));
}

TEST(conservation, a_flit_too_many_or_too_few_is_found) {
  const auto broken = [](auto change) {
    direction_counts c = sound();
    change(c);
    return [c] { check_conservation("west to east", {}, c); };
  };
  EXPECT_THROW(broken([](auto& c) { c.sink.repeated = 1; })(), base::model_error);
  EXPECT_THROW(broken([](auto& c) { c.sender.sent_data = 1001; })(), base::model_error)
      << "sent what nobody offered";
  EXPECT_THROW(broken([](auto& c) { c.sink.flits = 991; })(), base::model_error)
      << "delivered what never came";
  EXPECT_THROW(broken([](auto& c) { c.receiver.accepted = 1001; })(), base::model_error)
      << "received what was never sent";
  EXPECT_THROW(broken([](auto& c) { c.receiver.accepted = 300, c.sink.flits = 300; })(),
               base::model_error)
      << "more on the way than a window";
  EXPECT_THROW(broken([](auto& c) { c.sink.lost = 1; })(), base::model_error)
      << "lost, and counted nowhere";
}

TEST(bounds, a_goodput_above_what_the_wire_carries_is_an_error) {
  link_setup s;
  link_direction_result r;
  r.from = "west";
  r.to = "east";
  r.bound_gbps = 700;
  r.window.sink.useful_bytes = 8'750'000;  // 700 Gb/s in 100 us
  EXPECT_NO_THROW(check_bounds(s, r, 0, 156'250, 181));
  r.window.sink.useful_bytes = 8'760'000;
  EXPECT_THROW(check_bounds(s, r, 0, 156'250, 181), base::model_error);
  EXPECT_NO_THROW(check_bounds(s, r, 100, 156'250, 181))
      << "what stood in the buffer when the window began";
}

TEST(bounds, a_flit_faster_than_light_is_an_error) {
  link_setup s;
  link_direction_result r;
  r.flit_latency.add(192);
  EXPECT_THROW(check_bounds(s, r, 0, 1000, 181), base::model_error);
}

TEST(fidelity_table, a_row_replaces_the_one_of_its_fidelity_and_lanes) {
  const std::string file = (std::filesystem::path{testing::TempDir()} / "errors.csv").string();
  std::filesystem::remove(file);
  EXPECT_TRUE(read_fidelity_table(file).empty());
  const fidelity_error sixteen{.fidelity = "flit",
                               .lanes = 16,
                               .throughput_percent = 0,
                               .latency_ns = 0.64,
                               .scenarios = 40,
                               .git = "abc"};
  fidelity_error eight = sixteen;
  eight.lanes = 8;
  record_fidelity_error(file, sixteen);
  record_fidelity_error(file, eight);
  eight.latency_ns = 1.28;
  record_fidelity_error(file, eight);
  EXPECT_EQ(read_fidelity_table(file), (std::vector<fidelity_error>{eight, sixteen}));
  EXPECT_EQ(find_fidelity_error(read_fidelity_table(file), "flit", 4), std::nullopt);
}

TEST(fidelity_table, a_malformed_line_is_named) {
  const std::string file = (std::filesystem::path{testing::TempDir()} / "bad-errors.csv").string();
  std::ofstream{file}
      << "fidelity,lanes,throughput_percent,latency_ns,scenarios,git\nflit,16,x,0,1,abc\n";
  try {
    static_cast<void>(read_fidelity_table(file));
    FAIL() << "accepted";
  } catch (const base::config_error& e) {
    EXPECT_EQ(std::string{e.what()},
              file + ":2: throughput_percent = 'x': no number; allowed is a number");
  }
}

}  // namespace
}  // namespace lightrack::platforms
