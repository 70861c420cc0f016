// SPDX-License-Identifier: Apache-2.0
// tests/bench/bench_clock.cpp
// A fixed number of clocks of one 16-lane pair at full load, for instruction counts:
//
//   bench_clock bare|systemc|flit CLOCKS [LENGTH_M]
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
    std::fputs("bench_clock bare|systemc|flit CLOCKS [LENGTH_M]\n", stderr);
    return 2;
  }
  const std::string what = argv[1];
  const std::int64_t clocks = std::strtoll(argv[2], nullptr, 10);
  const double length_m = argc > 3 ? std::strtod(argv[3], nullptr) : 20;
  const bench::measured m =
      what == "bare"
          ? bench::bare(length_m, clocks)
          : bench::under_kernel(what == "flit" ? link::endpoint_factory{link::make_flit_endpoint}
                                               : bridge::rtl_factory(),
                                length_m, clocks, 1);
  std::printf("%s: %lld clocks, %llu flits, %.3f s\n", what.c_str(),
              static_cast<long long>(m.clocks), static_cast<unsigned long long>(m.flits), m.wall_s);
  return 0;
}

extern "C" int sc_main(int, char**) { return 0; }
