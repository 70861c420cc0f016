// SPDX-License-Identifier: Apache-2.0
// platforms/cli/help_examples.h
// The lines under `--help`. Each runs as pasted, in any folder; tests/platforms/cli_test.py does
// so.
#pragma once

namespace lightrack::cli::examples {

inline constexpr const char* program = R"(Examples:
  lightrack run link
  lightrack run link --set link.lanes=8 --set channel.ber=1e-7 --json
  lightrack params link

Each command has its own --help. Exit codes: 0 done, 1 a check failed, 2 wrong input, 3 no progress.)";

inline constexpr const char* run = R"(Examples:
  lightrack run link
  lightrack run link --fidelity rtl --time 10us
  lightrack run link --set fiber.length="0.5 km" --set channel.ber=1e-7 --seed 7
  lightrack run link --set link.fidelity.link0.west=rtl --trace 'link0.*' --out my-run
  lightrack run link --save half.ckpt --save-at 50us --save-only && lightrack run link --restore half.ckpt
  lightrack params --toml > run.toml && lightrack run run.toml --json)";

inline constexpr const char* study = R"(Examples:
  lightrack study --list
  lightrack study link --quick
  lightrack study budget --quick
  lightrack study fec --quick
  lightrack study lock --quick)";

inline constexpr const char* compare = R"(Examples:
  lightrack compare link --list
  lightrack compare link --scenario 'clean_8*' --json
  lightrack compare link --faults 100 --seed 1
  lightrack compare link)";

inline constexpr const char* fit = R"(Examples:
  lightrack fit link --quick --out curves
  lightrack fit link --quick --set link.lanes=8 --out curves --json)";

inline constexpr const char* params = R"(Examples:
  lightrack params
  lightrack params 'channel.*'
  lightrack params --json
  lightrack params --toml > run.toml)";

inline constexpr const char* encode =
    R"(Examples:
  echo '{"flits": [{"header": {"kind": 1, "vc": 0, "seq": 0, "ack": 1023, "nak": 0, "replay": 0, "slots": 15, "poison": 0, "crd_vc": 0, "crd": 256, "reserved": 0}, "payload": "'$(printf %0480d 0)'", "fec": 0}]}' | lightrack link encode)";

inline constexpr const char* decode = R"(Examples:
  echo '{"flits": [{"raw": "'$(printf %0512d 0)'", "fec": 0}]}' | lightrack link decode
  echo '{"flits": [{"raw": "'$(printf %0512d 0)'", "fec": 0}]}' | lightrack link decode --fidelity rtl)";

inline constexpr const char* light = R"(Examples:
  lightrack light budget
  lightrack light ring --set ring.q=4000
  lightrack light laser --set laser.hours=32000
  lightrack light track --set light.slew=-800
  lightrack light assign --set ring.fab_sigma=120)";

inline constexpr const char* light_budget = R"(Examples:
  lightrack light budget
  lightrack light budget --set engine.profile=SC25_PAM4 --set fiber.length="2 km"
  lightrack light budget --set 'light.extra_loss=[["connector_2", 2]]' --set light.dark_lines=0b1000
  lightrack light budget --set path.detachable_joints=0 --json)";

inline constexpr const char* light_ring = R"(Examples:
  lightrack light ring
  lightrack light ring --set laser.spacing=400 --json)";

inline constexpr const char* light_laser = R"(Examples:
  lightrack light laser
  lightrack light laser --set laser.t_operating=60 --set laser.hours=40000 --json)";

inline constexpr const char* light_track = R"(Examples:
  lightrack light track
  lightrack light track --set light.slew=-800 --set ring.loop_bw=0.29
  lightrack light track --set ring.heater_dac_bits=10 --json)";

inline constexpr const char* light_assign = R"(Examples:
  lightrack light assign
  lightrack light assign --set ring.fab_sigma=120 --set ring.arbitration=NEAREST
  lightrack light assign --set light.temperature_offset=40 --set light.samples=5000 --json)";

inline constexpr const char* report = R"(Examples:
  lightrack run link --out one-run && lightrack report one-run
  lightrack run link --seed 2 --out another-run && lightrack report --diff one-run another-run)";

inline constexpr const char* describe = R"(Examples:
  lightrack describe link
  lightrack describe link --set link.fidelity.link0.west=rtl --json)";

}  // namespace lightrack::cli::examples
