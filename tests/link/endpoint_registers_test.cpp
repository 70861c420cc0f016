// SPDX-License-Identifier: Apache-2.0
// tests/link/endpoint_registers_test.cpp: the register tests of an endpoint, on the flit model.
#include "models/link/flit_endpoint.h"
#include "tests/link/endpoint_interrupts.h"

namespace lightrack::link {
namespace {

INSTANTIATE_TEST_SUITE_P(flit, endpoint_registers,
                         testing::Values(named_factory{"flit", make_flit_endpoint}));
INSTANTIATE_TEST_SUITE_P(flit, endpoint_interrupts,
                         testing::Values(named_factory{"flit", make_flit_endpoint}));

}  // namespace
}  // namespace lightrack::link
