// SPDX-License-Identifier: Apache-2.0
// tests/optics/path_test.cpp
#include "models/optics/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/optics/refusal.h"

namespace lightrack::optics {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// The slip of paper of an optical engineer, line by line.
TEST(path, loses_17_4_decibels_by_default_and_15_9_without_joints) {
  const double by_hand = 2 * 0.5          // laser connectors
                         + 3 * 1.75       // couplers: in, out, in
                         + 1.0            // waveguide and split
                         + 4.65           // modulator, OMA over input
                         + 15 * 0.05 * 2  // off-resonance rings, both ends
                         + 2 * 0.75       // detachable joints
                         + 4 * 0.25       // connectors
                         + 0.35 * 0.020   // fiber
                         + 0.5            // polarization
                         + 1.0;           // drop
  EXPECT_NEAR(total_db(path_elements({}, 4.65)), by_hand, 1e-12);
  EXPECT_NEAR(by_hand, 17.41, 0.005);
  EXPECT_NEAR(total_db(path_elements({.joints = 0}, 4.65)), 15.91, 0.005);
}

TEST(path, has_one_element_for_each_connector_and_joint_with_a_name_of_its_own) {
  const auto elements = path_elements({}, 4.65);
  EXPECT_EQ(elements.size(), 18U);
  std::set<std::string> names;
  for (const path_element& e : elements) names.insert(e.name);
  EXPECT_EQ(names.size(), elements.size());
  EXPECT_EQ(elements.front().name, "laser_connector_1");
  EXPECT_EQ(elements.back().name, "drop_ring");
  EXPECT_EQ(elements[find_element(elements, "joint_2")].place, "receiving package");
  EXPECT_EQ(elements[find_element(elements, "connector_4")].db, 0.25);
}

TEST(path, grows_with_its_fiber_and_with_the_lines_of_its_bus) {
  EXPECT_NEAR(
      total_db(path_elements({.length_m = 2000}, 0)) - total_db(path_elements({.length_m = 0}, 0)),
      0.7, 1e-12);
  EXPECT_NEAR(total_db(path_elements({.lines = 17}, 0)) - total_db(path_elements({.lines = 16}, 0)),
              0.1, 1e-12);
}

TEST(path, places_an_odd_joint_at_the_transmitter) {
  const auto elements = path_elements({.joints = 1}, 4.65);
  EXPECT_EQ(elements[find_element(elements, "joint_1")].place, "transmitting package");
}

TEST(path, refuses_an_unknown_element_and_names_the_nearest) {
  const auto elements = path_elements({}, 4.65);
  EXPECT_THAT(refusal([&] { (void)find_element(elements, "conector_2"); }),
              AllOf(HasSubstr("nearest is connector_2"), HasSubstr("drop_ring")));
}

}  // namespace
}  // namespace lightrack::optics
