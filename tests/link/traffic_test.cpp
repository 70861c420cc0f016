// SPDX-License-Identifier: Apache-2.0
// tests/link/traffic_test.cpp
// Requests at an exact pace, and from a file.
#include "models/link/traffic.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/base/error.h"

namespace lightrack::link {
namespace {

std::vector<i64> arrivals(traffic_generator& offered, int count) {
  std::vector<i64> clocks;
  for (int n = 0; n < count; ++n) {
    clocks.push_back(offered.next_clock());
    if (offered.next_clock() < never) offered.pop();
  }
  return clocks;
}

TEST(traffic_generator, offers_nothing_without_load) {
  EXPECT_EQ(traffic_generator{}.next_clock(), never);
  EXPECT_EQ((traffic_generator{traffic_params{.load = 0}}.next_clock()), never);
}

TEST(traffic_generator, arrivals_are_start_plus_the_floor_of_bytes_over_rate) {
  // 256 bytes at 0.75 x 64 bytes a clock: one each 5.33 clocks.
  traffic_generator offered{traffic_params{.load = 0.75, .bytes = 256, .start_clock = 1000}};
  EXPECT_EQ(arrivals(offered, 7), (std::vector<i64>{1000, 1005, 1010, 1016, 1021, 1026, 1032}));
  // 16 bytes at 10 x 64: forty requests a clock.
  traffic_generator dense{traffic_params{.load = 10, .bytes = 16}};
  const std::vector<i64> clocks = arrivals(dense, 81);
  EXPECT_EQ(clocks[39], 0);
  EXPECT_EQ(clocks[40], 1);
  EXPECT_EQ(clocks[80], 2);
}

TEST(traffic_generator, pace_does_not_drift_in_ten_million_requests) {
  traffic_generator offered{traffic_params{.load = 0.3, .bytes = 100}};
  for (int n = 0; n < 10'000'000; ++n) offered.pop();
  EXPECT_EQ(offered.next_clock(), 52'083'333) << "1e9 bytes / 19.2";
  EXPECT_EQ(offered.taken(), 10'000'000U);
}

TEST(traffic_generator, stops_after_its_number_of_requests) {
  traffic_generator offered{traffic_params{.load = 1, .bytes = 64, .requests = 3}};
  EXPECT_EQ(arrivals(offered, 5), (std::vector<i64>{0, 1, 2, never, never}));
}

TEST(traffic_generator, requests_come_from_seed_path_and_number) {
  const traffic_params params{
      .load = 1, .read_fraction = 0.25, .seed = 5, .source = 3, .destination = 4};
  traffic_generator a{params};
  traffic_generator b{params};
  traffic_params other = params;
  other.seed = 6;
  traffic_generator c{other};
  int reads = 0;
  int equal = 0;
  for (u64 n = 0; n < 10'000; ++n) {
    const request& r = a.front();
    ASSERT_EQ(r.address, b.front().address);
    ASSERT_EQ(r.tag, static_cast<u16>(n));
    ASSERT_EQ(r.address % 64, 0U);
    ASSERT_LT(r.address, u64{1} << 40);
    ASSERT_EQ(r.source, 3);
    ASSERT_EQ(r.destination, 4);
    reads += r.op == operation::read ? 1 : 0;
    equal += r.address == c.front().address ? 1 : 0;
    a.pop();
    b.pop();
    c.pop();
  }
  EXPECT_NEAR(reads, 2500, 130) << "3 sigma";
  EXPECT_EQ(equal, 0);
  traffic_generator all_reads{traffic_params{.load = 1, .read_fraction = 1}};
  for (int n = 0; n < 1000; ++n, all_reads.pop()) ASSERT_EQ(all_reads.front().op, operation::read);
}

TEST(traffic_generator, values_out_of_range_are_refused_by_their_key) {
  const auto refusal = [](const traffic_params& p) -> std::string {
    try {
      traffic_generator{p};
      return "accepted";
    } catch (const base::config_error& e) {
      return e.what();
    }
  };
  EXPECT_EQ(refusal({.load = 11}), "traffic.load: 11 found, 0 to 10 is allowed.");
  EXPECT_EQ(refusal({.load = 1e-13}),
            "traffic.load: 1e-13 found, 0, or 1e-11 or more, is allowed.");
  EXPECT_EQ(refusal({.load = 1, .bytes = 0}), "traffic.bytes: 0 found, 1 to 4080 is allowed.");
  EXPECT_EQ(refusal({.load = 1, .bytes = 4081}),
            "traffic.bytes: 4081 found, 1 to 4080 is allowed.");
  EXPECT_EQ(refusal({.load = 1, .read_fraction = 1.5}),
            "traffic.read_fraction: 1.5 found, 0 to 1 is allowed.");
  EXPECT_EQ(refusal({.load = 1, .bytes = 4080}), "accepted");
}

TEST(traffic_generator, a_list_comes_in_its_order) {
  traffic_generator offered{std::vector<request>{{.clock = 5, .address = 1, .bytes = 64},
                                                 {.clock = 5, .address = 2, .bytes = 64},
                                                 {.clock = 9, .address = 3, .bytes = 64}}};
  EXPECT_EQ(offered.front().address, 1U);
  EXPECT_EQ(arrivals(offered, 4), (std::vector<i64>{5, 5, 9, never}));
  EXPECT_THROW((traffic_generator{
                   std::vector<request>{{.clock = 5, .bytes = 64}, {.clock = 4, .bytes = 64}}}),
               base::model_error);
}

constexpr const char* header = "time_ns,source,destination,operation,address,bytes\n";

std::vector<traffic_row> read(const std::string& text) {
  std::istringstream in{text};
  return read_traffic_csv(in, "t.csv", 640'000);
}

TEST(traffic_file, a_row_becomes_a_request_at_the_first_clock_not_before_it) {
  const auto rows = read(std::string{header} +
                         "0,west,east,write,0x1000,256\r\n"
                         "0.64, west ,east,read,4096,64\n"
                         "\n"
                         "0.640001,east,west,message,0xFFFFFFFFFFFFFFFF,4080\n"
                         "1000000.5,east,west,atomic,0,1\n");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].clock, 0);
  EXPECT_EQ(rows[0].op, operation::write);
  EXPECT_EQ(rows[0].address, 0x1000U);
  EXPECT_EQ(rows[0].bytes, 256U);
  EXPECT_EQ(rows[1].clock, 1);
  EXPECT_EQ(rows[1].source, "west");
  EXPECT_EQ(rows[1].destination, "east");
  EXPECT_EQ(rows[1].op, operation::read);
  EXPECT_EQ(rows[2].clock, 2);
  EXPECT_EQ(rows[2].op, operation::message);
  EXPECT_EQ(rows[2].address, ~u64{0});
  EXPECT_EQ(rows[3].clock, 1'562'501) << "1,000,000.5 / 0.64 = 1562500.78";
  EXPECT_EQ(rows[3].op, operation::atomic);
}

TEST(traffic_file, rows_are_sorted_by_clock_and_equal_ones_stay) {
  const auto rows = read(std::string{header} +
                         "9,a,b,write,1,1\n3,a,b,write,2,1\n9,a,b,write,3,1\n3.1,a,b,write,4,1\n");
  std::vector<u64> order;
  for (const traffic_row& r : rows) order.push_back(r.address);
  EXPECT_EQ(order, (std::vector<u64>{2, 4, 1, 3})) << "3 ns and 3.1 ns are both clock 5";
}

TEST(traffic_file, a_malformed_line_is_named_with_what_is_allowed) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      read(text);
      return "accepted";
    } catch (const base::config_error& e) {
      return e.what();
    }
  };
  const std::string h = header;
  EXPECT_EQ(refusal(""),
            "t.csv:1: header: '' found, only 'time_ns,source,destination,operation,address,bytes' "
            "is allowed.");
  EXPECT_EQ(refusal(h + "1,a,b,write,0,64,9\n"),
            "t.csv:2: line: '7 columns' found, exactly 6 are allowed.");
  EXPECT_EQ(refusal(h + "1,a,b,write,0,64\n1,a\n"),
            "t.csv:3: line: '2 columns' found, exactly 6 are allowed.");
  const std::string time = " found, a decimal from 0 to 1e9 with at most 6 decimals is allowed.";
  for (const std::string bad :
       {"-1", "1e3", "1.0000001", "", "1.", ".5", "2000000000", "1.2.3", "nan"})
    EXPECT_EQ(refusal(h + bad + ",a,b,write,0,64\n"), "t.csv:2: time_ns: '" + bad + "'" + time);
  EXPECT_EQ(refusal(h + "1,,b,write,0,64\n"),
            "t.csv:2: source: '' found, the name of an endpoint is allowed.");
  EXPECT_EQ(refusal(h + "1,a,b,Write,0,64\n"),
            "t.csv:2: operation: 'Write' found, read, write, message or atomic is allowed.");
  EXPECT_EQ(
      refusal(h + "1,a,b,write,0x,64\n"),
      "t.csv:2: address: '0x' found, a 64-bit number, decimal or 0x hexadecimal, is allowed.");
  EXPECT_EQ(refusal(h + "1,a,b,write,0x10000000000000000,64\n"),
            "t.csv:2: address: '0x10000000000000000' found, a 64-bit number, decimal or 0x "
            "hexadecimal, is allowed.");
  for (const std::string bad : {"0", "4081", "64B", "-1", ""})
    EXPECT_EQ(refusal(h + "1,a,b,write,0," + bad + "\n"),
              "t.csv:2: bytes: '" + bad + "' found, 1 to 4080 is allowed.");
}

TEST(traffic_file, the_examples_of_the_link_platform_load_in_both_directions) {
  const std::filesystem::path folder = LIGHTRACK_SOURCE_DIR "/platforms/link/examples";
  for (const char* name : {"allreduce_step.csv", "pooled_memory_read.csv"}) {
    std::ifstream in{folder / name};
    ASSERT_TRUE(in) << name;
    const auto rows = read_traffic_csv(in, name, 640'000);
    u64 from_west = 0;
    u64 from_east = 0;
    for (const traffic_row& r : rows) {
      ASSERT_TRUE((r.source == "west" && r.destination == "east") ||
                  (r.source == "east" && r.destination == "west"));
      (r.source == "west" ? from_west : from_east) += r.bytes;
    }
    EXPECT_GT(from_west, 500'000U) << name;
    EXPECT_GT(from_east, 2000U) << name;
  }
}

}  // namespace
}  // namespace lightrack::link
