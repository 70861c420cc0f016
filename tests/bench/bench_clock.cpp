// SPDX-License-Identifier: Apache-2.0
// tests/bench/bench_clock.cpp
// A fixed number of clocks of one 16-lane pair at full load, for instruction counts:
//
//   bench_clock bare|systemc|flit|quiet_rtl|quiet_flit CLOCKS [LENGTH_M]
// or of one that sleeps in QUIESCE (quiet_*).
// tests/bench/instructions_per_clock takes the difference of two runs, so training does not count.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "models/link/flit_endpoint.h"
#include "tb/bridge/rtl_endpoint.h"
#include "tests/bench/link_measure.h"

int main(int argc, char** argv) {
  using namespace lightrack;
  if (argc < 3) {
    std::fputs("bench_clock bare|systemc|flit|quiet_rtl|quiet_flit CLOCKS [LENGTH_M]\n", stderr);
    return 2;
  }
  const std::string what = argv[1];
  const std::int64_t clocks = std::strtoll(argv[2], nullptr, 10);
  const double length_m = argc > 3 ? std::strtod(argv[3], nullptr) : 20;
  const link::endpoint_factory make = what.ends_with("flit")
                                          ? link::endpoint_factory{link::make_flit_endpoint}
                                          : bridge::rtl_factory({.assertions = false});
  const bench::measured m = what == "bare" ? bench::bare(length_m, clocks)
                            : what.starts_with("quiet")
                                ? bench::among_quiet(make, length_m, clocks, false, 1)
                                : bench::under_kernel(make, length_m, clocks, 1);
  std::printf("%s: %lld clocks, %llu flits, %.3f s\n", what.c_str(),
              static_cast<long long>(m.clocks), static_cast<unsigned long long>(m.flits), m.wall_s);
  return 0;
}

extern "C" int sc_main(int, char**) { return 0; }
