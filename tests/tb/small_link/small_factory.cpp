// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/small_link/small_factory.h"

#include "tb/bridge/foreign_endpoint.h"
#include "tests/tb/small_link/small_adapter.h"

namespace lightrack::bridge {

link::endpoint_factory small_factory(small_fault fault) {
  switch (fault) {
    case small_fault::none:
      return foreign_factory<small_adapter<small_fault::none>>();
    case small_fault::any_number:
      return foreign_factory<small_adapter<small_fault::any_number>>();
    case small_fault::any_crc:
      return foreign_factory<small_adapter<small_fault::any_crc>>();
    case small_fault::forgets_at_restart:
      return foreign_factory<small_adapter<small_fault::forgets_at_restart>>();
    case small_fault::keeps_credit:
      return foreign_factory<small_adapter<small_fault::keeps_credit>>();
  }
  return {};
}

}  // namespace lightrack::bridge
