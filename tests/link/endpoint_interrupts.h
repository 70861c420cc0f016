// SPDX-License-Identifier: Apache-2.0
// tests/link/endpoint_interrupts.h
// The clocks that an endpoint names for changes of its interrupt line; instantiated as
// endpoint_registers.
#pragma once

#include "tests/link/endpoint_registers.h"

namespace lightrack::link {

class endpoint_interrupts : public endpoint_registers {};

TEST_P(endpoint_interrupts, name_the_clocks_of_interrupt_changes) {
  link.write(csr::detect_timeout_clocks{.clocks = 1000});
  link.write(csr::control{.enable = true});
  link.run_to(1500);
  link.write(csr::irq_enable{.no_light = true});
  const i64 setup = link.now() - 4;
  const auto rises = link.west().interrupt_changes();
  ASSERT_EQ(rises.size(), 1);
  EXPECT_EQ(rises[0], (interrupt_change{.clock = setup + pkg::csr_lat, .level = true}));
  link.run_to(link.now() + 100);
  EXPECT_TRUE(link.west().interrupt_changes().empty());
  link.write(csr::irq_status{.no_light = true});
  const auto falls = link.west().interrupt_changes();
  ASSERT_EQ(falls.size(), 1);
  EXPECT_EQ(falls[0], (interrupt_change{.clock = link.now() - 4 + pkg::csr_lat, .level = false}));
}

}  // namespace lightrack::link
