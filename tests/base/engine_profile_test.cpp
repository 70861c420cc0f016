// SPDX-License-Identifier: Apache-2.0
// tests/base/engine_profile_test.cpp
#include "models/base/engine_profile.h"

#include <gtest/gtest.h>

namespace lightrack::base {
namespace {

// Tb/s of an engine and direction, GBd, as published or derived for each.
TEST(engine_profile, rates_and_symbol_rates_close) {
  struct row {
    const char* name;
    double gbps;
    double gbd;
  };
  for (const row& r :
       {row{"GEN2_4T", 2'048, 32}, row{"GEN3_8T", 4'096, 32}, row{"SC25_DWDM", 6'400, 50},
        row{"SC25_DWDM_SPARE", 6'400, 50}, row{"SC25_PAM4", 6'400, 26.5625},
        row{"OCI_GEN1", 6'400, 53.125}, row{"GUC_200T", 6'400, 50}}) {
    const engine_profile* p = find_profile(r.name);
    ASSERT_NE(p, nullptr) << r.name;
    EXPECT_EQ(p->gbps(), r.gbps) << r.name;
    EXPECT_EQ(symbol_rate_gbd(p->gbps_per_lambda, p->symbols, p->fec), r.gbd) << r.name;
    EXPECT_TRUE(p->optical()) << r.name;
  }
  EXPECT_EQ(find_profile("COPPER_NVL72")->gbps(), 7'200);
  EXPECT_FALSE(find_profile("COPPER_NVL72")->optical());
  EXPECT_EQ(find_profile("SC26"), nullptr);
}

TEST(engine_profile, packages_have_51_2_terabits_and_guc_twice_that) {
  const engine_profile* p = find_profile("SC25_DWDM");
  EXPECT_EQ(p->engines_per_package * p->gbps(), 51'200);
  const engine_profile* g = find_profile("GUC_200T");
  EXPECT_EQ(g->engines_per_package * g->gbps(), 102'400);
}

TEST(engine_profile, names_are_the_choices_of_the_key) {
  parameter_set known;
  declare_engine_parameters(known);
  EXPECT_EQ(known.find("engine.profile")->choices.size(), engine_profiles().size());
}

}  // namespace
}  // namespace lightrack::base
