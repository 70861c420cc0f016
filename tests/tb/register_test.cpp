// SPDX-License-Identifier: Apache-2.0
// tests/tb/register_test.cpp: the register tests of an endpoint, on the RTL.
#include "tb/bridge/rtl_endpoint.h"
#include "tests/link/endpoint_interrupts.h"

namespace lightrack::link {
namespace {

const named_factory rtl{"rtl", bridge::rtl_factory()};
INSTANTIATE_TEST_SUITE_P(rtl, endpoint_registers, testing::Values(rtl));
INSTANTIATE_TEST_SUITE_P(rtl, endpoint_interrupts, testing::Values(rtl));

}  // namespace
}  // namespace lightrack::link
