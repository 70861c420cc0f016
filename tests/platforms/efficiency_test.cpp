// SPDX-License-Identifier: Apache-2.0
// tests/platforms/efficiency_test.cpp
// The retry loop against the go-back-N formula of docs/link-layer.md, section 6: 20 m of fiber,
// window and receive buffer 511, full load both ways. Within 1 % up to P = 5e-3 and 2 % up
// to 1.2e-2.
//
// The same at RTL takes minutes: tools/efficiency_rtl, which sets
// LIGHTRACK_EFFICIENCY_FIDELITY.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <ostream>
#include <string>

#include "models/link/flit_endpoint.h"
#include "models/link/link_formulas.h"
#include "platforms/cli/commands.h"
#include "platforms/link/link_platform.h"

namespace lightrack::platforms {
namespace {

constexpr double least_errors = 10'000;  ///< each direction

std::string wanted_fidelity() {
  const char* name = std::getenv("LIGHTRACK_EFFICIENCY_FIDELITY");
  return name == nullptr ? "flit" : name;
}

struct rate_case {
  double p;          ///< of a flit to be bad
  double tolerance;  ///< relative
};

void PrintTo(const rate_case& c, std::ostream* out) { *out << "P = " << c.p; }

class go_back_n : public testing::TestWithParam<rate_case> {};

void check(const link_direction_result& d, const rate_case& c, double round_trip) {
  const link::endpoint_counters& tx = d.window.sender;
  const auto slots =
      static_cast<double>(tx.sent_nop + tx.sent_data + tx.sent_replay + tx.sent_ctrl);
  const double measured = static_cast<double>(d.window.receiver.accepted) / slots;
  const double formula = link::go_back_n_efficiency(c.p, round_trip);
  const std::string line = fmt::format(
      "{} to {}, P {:g}: {} bad flits of {:.0f}, measured {:.5f}, formula {:.5f}, {:+.2f} %",
      d.from, d.to, c.p, d.window.receiver.received_bad, slots, measured, formula,
      100 * (measured / formula - 1));
  fmt::print("{}\n", line);
  EXPECT_GE(static_cast<double>(d.window.receiver.received_bad), least_errors) << line;
  EXPECT_NEAR(measured / formula, 1.0, c.tolerance) << line;
}

TEST_P(go_back_n, efficiency_is_that_of_the_formula) {
  const rate_case c = GetParam();
  const double ber = -std::expm1(std::log1p(-c.p) / 2048);
  const double time_us = 1.08 * least_errors / c.p * 2.56e-3 + 10;
  base::config config = link_config();
  for (const std::string& set :
       {fmt::format("channel.ber={:.12g}", ber), fmt::format("sim.time={:.0f}", time_us),
        std::string{"fiber.length=20"}, std::string{"link.window=511"},
        std::string{"link.replay_depth=511"}, std::string{"link.rx_depth=511"},
        "link.fidelity.default=" + wanted_fidelity()}) {
    config.set(set);
  }
  const link_result r = run_link(make_link_setup(config),
                                 {.flit = link::make_flit_endpoint, .rtl = cli::rtl_endpoints()},
                                 {.threads = 2, .kernel = false, .records = {}, .progress = {}});
  ASSERT_TRUE(r.complete) << r.stopped_by;
  EXPECT_EQ(r.to_east.whole.sender.retrains, 0U);
  check(r.to_east, c, static_cast<double>(r.round_trip));
  check(r.to_west, c, static_cast<double>(r.round_trip));
}

INSTANTIATE_TEST_SUITE_P(efficiency, go_back_n,
                         testing::Values(rate_case{1e-3, 0.01}, rate_case{2e-3, 0.01},
                                         rate_case{5e-3, 0.01}, rate_case{8e-3, 0.02},
                                         rate_case{1.2e-2, 0.02}),
                         [](const testing::TestParamInfo<rate_case>& i) {
                           return fmt::format("p_{:.0f}_in_100000", i.param.p * 1e5);
                         });

}  // namespace
}  // namespace lightrack::platforms
