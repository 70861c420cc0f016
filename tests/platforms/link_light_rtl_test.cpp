// SPDX-License-Identifier: Apache-2.0
// tests/platforms/link_light_rtl_test.cpp
// RTL against the flit model while the light changes: the same records, clock for clock.
#include <gtest/gtest.h>

#include "models/link/flit_endpoint.h"
#include "platforms/cli/commands.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {
namespace {

link_result run(const std::vector<std::string>& sets, const char* fidelity,
                link_run_options options = {}) {
  base::config c = link_config();
  for (const std::string& s : sets) c.set(s);
  c.set(std::string{"link.fidelity.default="} + fidelity);
  options.kernel = false;
  return run_link(make_link_setup(c),
                  {.flit = link::make_flit_endpoint, .rtl = cli::rtl_endpoints()}, options);
}

// Fine lock 50 us and a control period of 1 us, so that 170 us see a lane go and come back.
const std::vector<std::string> fading{
    "ring.t_fine_lock=50", "sim.control_period=1", "sim.time=170us",
    "light.events=[{time=10, what=\"connector_loss\", value=2.6, element=\"connector_2\"}, "
    "{time=40, what=\"laser_lane_dead\", laser=3, engine=\"east\"}, "
    "{time=70, what=\"laser_lane_back\", laser=3, engine=\"east\"}]"};

TEST(link_light_rtl, rtl_and_flit_write_the_same_records_under_changing_light) {
  const link_result flit = run(fading, "flit");
  ASSERT_TRUE(flit.complete) << flit.stopped_by;
  EXPECT_GT(flit.to_east.whole.sender.replays, 10U) << "the faded fiber";
  EXPECT_GE(flit.to_west.whole.sender.retrains, 2U) << "a lane lost, and back";
  EXPECT_EQ(flit.west.rx_shift, 0);
  EXPECT_EQ(flit.west.good, 0xFFFFU);
  const link_result rtl = run(fading, "rtl");
  EXPECT_EQ(rtl.trace_hash, flit.trace_hash);
  EXPECT_EQ(rtl.trace_records, flit.trace_records);
  EXPECT_EQ(rtl.end_clock, flit.end_clock);
  EXPECT_EQ(rtl.to_east.window.sink.useful_bytes, flit.to_east.window.sink.useful_bytes);
}

TEST(link_light_rtl, two_threads_and_short_batches_change_nothing) {
  const link_result one = run(fading, "rtl", {.max_batch = 100});
  EXPECT_EQ(run(fading, "rtl", {.threads = 2}).trace_hash, one.trace_hash);
}

}  // namespace
}  // namespace lightrack::platforms
