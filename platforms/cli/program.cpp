// SPDX-License-Identifier: Apache-2.0
// platforms/cli/program.cpp
// The command line: sub-commands, options, help with examples, and errors as one sentence.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "models/base/error.h"
#include "models/base/parameters.h"
#include "models/base/results.h"
#include "platforms/cli/commands.h"
#include "platforms/cli/help_examples.h"

namespace lightrack::cli {
namespace {

struct command_line {
  common_options common;
  std::string what;
  std::vector<std::string> folders;
  std::string pattern;
  std::string fidelity = "flit";
  bool list = false;
  compare_choice compare;
  bool toml = false;
  bool diff = false;
};

void add_common(CLI::App& app, common_options& o) {
  app.add_option("--set", o.set, "key=value, repeatable; 'lightrack params' lists the keys")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--config", o.config_file, "TOML file with keys")->type_name("FILE");
  app.add_option("--seed", o.seed, "of all random numbers (1)")->type_name("N");
  app.add_option("--jobs", o.jobs, "host threads or processes (all cores)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_option("--out", o.out, "folder for results (lightrack-out/NAME-CONFIGHASH-SEED)")
      ->type_name("DIR");
  app.add_option("--fidelity", o.fidelity, "of all links: burst, flit or rtl")->type_name("NAME");
  app.add_option("--time", o.time, "simulated time from ACTIVE (100us)")->type_name("DURATION");
  app.add_flag("--quick", o.quick, "a shorter run for a first look");
  app.add_flag("--json", o.json, "one JSON object on stdout");
  app.add_flag("--quiet", o.quiet, "no progress on stderr");
}

void add_records(CLI::App& app, common_options& o) {
  app.add_option("--trace", o.trace,
                 "records of instances, or of INSTANCE.EVENT, that match, as CSV")
      ->type_name("PATTERN");
  app.add_option("--timeline", o.timeline_file, "timeline for ui.perfetto.dev")
      ->type_name("[FILE]")
      ->expected(0, 1);
  app.add_option("--fst", o.fst, "waveforms of RTL instances that match")->type_name("PATTERN");
}

void add_checkpoint(CLI::App& app, common_options& o) {
  CLI::Option* save =
      app.add_option("--save", o.save, "saves the run for --restore: at --save-at, or at Ctrl-C before")
          ->type_name("FILE");
  CLI::Option* at =
      app.add_option("--save-at", o.save_at,
                     "time from ACTIVE; saves at the first end of a batch from then on")
          ->type_name("DURATION")
          ->needs(save);
  app.add_flag("--save-only", o.save_only, "ends the run where it is saved")->needs(at);
  app.add_option("--restore", o.restore, "goes on from FILE, with its configuration")
      ->type_name("FILE");
}

struct built {
  std::unique_ptr<CLI::App> app;
  std::vector<std::pair<CLI::App*, std::function<int()>>> commands;
};

built build(command_line& c) {
  built b{std::make_unique<CLI::App>(
              "A virtual platform of a photonic AI rack: now one optical link, end to end.",
              "lightrack"),
          {}};
  CLI::App& app = *b.app;
  app.require_subcommand(1);
  app.set_version_flag("--version", base::git_revision());
  app.footer(examples::program);
  const auto add = [&](const char* name, const char* text, const char* footer,
                       std::function<int()> body) {
    CLI::App* sub = app.add_subcommand(name, text);
    sub->footer(footer);
    b.commands.emplace_back(sub, std::move(body));
    return sub;
  };

  CLI::App* run =
      add("run", "One simulation of a platform, or of a TOML file that names its platform",
          examples::run, [&] { return run_command(c.what, c.common); });
  run->add_option("platform", c.what, "link, or a TOML file")
      ->type_name("PLATFORM|FILE.toml")
      ->required();
  add_common(*run, c.common);
  add_records(*run, c.common);
  add_checkpoint(*run, c.common);

  CLI::App* study = add("study", "A sweep with a report", examples::study,
                        [&] { return study_command(c.what, c.list, c.common); });
  study->add_option("name", c.what, "the study")->type_name("NAME");
  study->add_flag("--list", c.list, "what each study answers");
  study->add_option("--verify", c.common.verify, "repeat N points at rtl")
      ->type_name("N")
      ->check(CLI::Range(0, 100000));
  add_common(*study, c.common);

  CLI::App* compare = add(
      "compare", "The fidelity gate: TLM against RTL, scenario by scenario; exit 1 on any mismatch",
      examples::compare, [&] { return compare_command(c.what, c.compare, c.common); });
  compare->add_option("platform", c.what, "link")->type_name("link")->required();
  compare->add_flag("--list", c.compare.list, "the scenarios");
  compare->add_option("--scenario", c.compare.scenario, "only those that match")
      ->type_name("PATTERN");
  compare
      ->add_option("--pairing", c.compare.pairing, "only this pair of fidelities, such as rtl-flit")
      ->type_name("A-B");
  compare->add_option("--faults", c.compare.faults, "N random fault scenarios instead of the list")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000));
  compare->add_flag("--record", c.compare.record,
                    "write the errors to the table that results quote");
  add_common(*compare, c.common);

  CLI::App* fit =
      add("fit", "Fits the service curve of a kind of link to flit, with burst's errors against it",
          examples::fit, [&] { return fit_command(c.what, c.common); });
  fit->add_option("platform", c.what, "link")->type_name("link")->required();
  add_common(*fit, c.common);

  CLI::App* params =
      add("params", "Every parameter: unit, default, range, evidence, note", examples::params,
          [&] { return params_command(c.pattern, c.common.json, c.toml); });
  params->add_option("pattern", c.pattern, "part of a name, or a pattern with *")
      ->type_name("PATTERN");
  params->add_flag("--json", c.common.json, "one JSON object on stdout");
  params->add_flag("--toml", c.toml, "a commented template");

  CLI::App* coding = add("link", "The coding data path alone: JSON on stdin, JSON on stdout",
                         examples::encode, [] { return exit_usage; });
  coding->require_subcommand(1);
  for (const bool encode : {true, false}) {
    CLI::App* sub = coding->add_subcommand(
        encode ? "encode" : "decode",
        encode ? "Flits to coded bytes and lane streams" : "Coded bytes or lane streams to flits");
    sub->footer(encode ? examples::encode : examples::decode);
    sub->add_option("--fidelity", c.fidelity, "flit or rtl (the Verilated blocks)")
        ->type_name("NAME");
    sub->add_flag("--json", c.common.json, "always so");
    b.commands.emplace_back(sub, [&c, encode] { return coding_command(encode, c.fidelity); });
  }

  CLI::App* light = add("light", "Calculators on the optics: where light goes and what it costs",
                        examples::light, [] { return exit_usage; });
  light->require_subcommand(1);
  for (const light_calculator& calculator : light_calculators()) {
    CLI::App* sub = light->add_subcommand(calculator.name, calculator.text_of_help);
    sub->footer(calculator.examples);
    sub->add_option("--set", c.common.set,
                    "key=value, repeatable; 'lightrack params' lists the keys")
        ->type_name("KEY=VALUE")
        ->take_all()
        ->allow_extra_args(false);
    sub->add_option("--config", c.common.config_file, "TOML file with keys")->type_name("FILE");
    sub->add_option("--seed", c.common.seed, "of all random numbers (1)")->type_name("N");
    sub->add_flag("--json", c.common.json, "one JSON object on stdout");
    b.commands.emplace_back(sub, [&c, &calculator] { return light_command(calculator, c.common); });
  }

  CLI::App* report = add("report", "Builds the page again from a result folder", examples::report,
                         [&] { return report_command(c.folders, c.diff, c.common.out); });
  report->add_option("folder", c.folders, "result folder")
      ->type_name("DIR")
      ->required()
      ->expected(1, 2);
  report->add_flag("--diff", c.diff, "two runs side by side");
  report->add_option("--out", c.common.out, "folder for the page of two runs")->type_name("DIR");

  CLI::App* describe =
      add("describe", "The hierarchy: parts, links, registers, memory map, fidelity of each",
          examples::describe, [&] { return describe_command(c.what, c.common); });
  describe->add_option("platform", c.what, "link")->type_name("PLATFORM")->required();
  add_common(*describe, c.common);
  return b;
}

std::vector<std::string> names_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

// The first option on the line that the command does not have, with the nearest one it has.
std::string unknown_option(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> known;
  for (const CLI::Option* o : app.get_options())
    for (const std::string& name : o->get_lnames()) known.push_back("--" + name);
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg{argv[i]};
    const std::string name{arg.substr(0, arg.find('='))};
    if (!name.starts_with("--") || name.size() < 3 || std::ranges::count(known, name) != 0)
      continue;
    const std::string near = base::nearest_name(name, known);
    return fmt::format("{}: no such option{}; allowed are {}", name,
                       near.empty() ? "" : ", nearest is " + near, fmt::join(known, ", "));
  }
  return "";
}

int parse_failed(const CLI::App& app, const CLI::ParseError& e, int argc, char** argv) {
  if (e.get_exit_code() == 0) return app.exit(e, std::cout, std::cerr);  // --help, --version
  const CLI::App* command = &app;
  for (int i = 1; i < argc; ++i) {
    const std::vector<std::string> names = names_of(*command);
    if (names.empty()) break;
    if (std::ranges::count(names, argv[i]) == 0) {
      if (argv[i][0] == '-') continue;
      const std::string near = base::nearest_name(argv[i], names);
      std::cerr << fmt::format("lightrack: {}: no such command{}; allowed are {}\n", argv[i],
                               near.empty() ? "" : ", nearest is " + near, fmt::join(names, ", "));
      return exit_usage;
    }
    command = command->get_subcommand(argv[i]);
  }
  const std::string option = unknown_option(*command, argc, argv);
  std::string text = option.empty() ? e.what() : option;
  std::ranges::replace(text, '\n', ' ');
  std::cerr << fmt::format("lightrack: {} (see lightrack {}--help)\n", text,
                           command == &app ? "" : command->get_name() + " ");
  return exit_usage;
}

}  // namespace

int run_program(int argc, char** argv) {
  command_line line;
  line.common.typed = fmt::format("lightrack {}", fmt::join(argv + 1, argv + argc, " "));
  const built b = build(line);
  try {
    b.app->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return parse_failed(*b.app, e, argc, argv);
  }
  for (const auto& [sub, body] : b.commands)
    if (sub->get_option_no_throw("--timeline") != nullptr)
      line.common.timeline = sub->count("--timeline") > 0;
  try {
    for (const auto& [sub, body] : b.commands)
      if (sub->parsed() && sub->get_subcommands().empty()) return body();
    return exit_usage;
  } catch (const base::config_error& e) {
    std::cerr << "lightrack: " << e.what() << '\n';
    return exit_usage;
  } catch (const base::no_progress_error& e) {
    std::cerr << "lightrack: " << e.what() << '\n';
    return exit_stuck;
  } catch (const std::exception& e) {
    std::cerr << "lightrack: " << e.what() << '\n';
    return exit_failed;
  }
}

}  // namespace lightrack::cli
