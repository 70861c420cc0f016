# SPDX-License-Identifier: Apache-2.0
"""Runs the real program as a user does: exit codes, JSON, and one sentence for each mistake.

cli_test.py PROGRAM [unittest options]
"""

import csv
import json
import math
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = ""

RUN_KEYS = """platform profile seed config_hash git fidelity simulated_ns wall_s trace_hash raw_gbps goodput_gbps
efficiency waterfall flits replays naks retrains credit_stall_fraction latency_ns request_latency_ns directions
energy_pj_per_bit fidelity_error""".split()

HEADER = {"kind": 1, "vc": 0, "seq": 0, "ack": 1023, "nak": 0, "replay": 0, "slots": 15, "poison": 0, "crd_vc": 0, "crd": 256,
          "reserved": 0}


class cli_test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def call(self, *arguments, stdin=""):
        return subprocess.run(
            [PROGRAM, *arguments], cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=300, check=False
        )

    def run_json(self, *arguments):
        done = self.call("run", "link", "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, *arguments, stdin=""):
        """The one sentence of a wrong input: exit code 2, nothing on stdout."""
        done = self.call(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr


class run_link(cli_test):
    def test_json_is_one_object_with_the_keys_readers_rely_on(self):
        result = self.run_json("--time", "20us")
        for key in RUN_KEYS:
            self.assertIn(key, result)
        for stage in result["waterfall"]:
            self.assertEqual(set(stage), {"stage", "factor", "gbps", "formula"})
        self.assertEqual(set(result["flits"]), {"offered", "delivered", "lost", "in_flight"})
        for key in ("mean", "p50", "p99", "p999", "max"):
            self.assertGreater(result["latency_ns"][key], 100, "20 m of fiber alone are 97.9 ns")
        for direction in result["directions"]:
            self.assertLessEqual({"from", "to", "goodput_gbps", "waterfall", "flits", "latency_ns"}, set(direction))
        self.assertRegex(result["trace_hash"], "^[0-9a-f]{16}$")
        self.assertEqual(list(self.folder.iterdir()), [], "--json without --out writes nothing")

    def test_a_run_goes_on_where_it_was_saved(self):
        """Each part in a process of its own, under the kernel."""
        options = ["--time", "30us", "--set", "channel.ber=1e-5", "--set", "link.lanes=8"]

        def figures(text):
            return {key: value for key, value in json.loads(text).items() if key not in ("wall_s", "first_event_s")}

        whole = figures(self.call("run", "link", "--json", "--quiet", *options).stdout)
        saving = self.call("run", "link", "--json", "--save", "run.ckpt", "--save-at", "12.5us", "--jobs", "2", *options)
        self.assertEqual(saving.returncode, 0, saving.stderr)
        self.assertRegex(saving.stderr, r"lightrack: saved to run.ckpt, 12\.[56]\d* us after ACTIVE\n")
        self.assertEqual(figures(saving.stdout), whole)
        for more in (["--jobs", "1"], ["--jobs", "2", "--set", "channel.ber=1e-5"]):
            rest = self.call("run", "link", "--json", "--quiet", "--restore", "run.ckpt", *more)
            self.assertEqual(rest.returncode, 0, rest.stderr)
            self.assertEqual(figures(rest.stdout), whole)

    def test_a_saved_run_is_refused_where_it_does_not_belong(self):
        done = self.call("run", "link", "--json", "--quiet", "--time", "10us", "--save", "run.ckpt", "--save-at", "5", "--save-only")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(json.loads(done.stdout)["complete"])
        self.assertEqual(json.loads(done.stdout)["stopped_by"], "ended where it was saved")
        for options, why in (
            (["--set", "link.lanes=8"], "it was saved with link.lanes = 16, here it is 8"),
            (["--seed", "3"], "it was saved with sim.seed = 1, here it is 3"),
            (["--time", "11us"], "it was saved with sim.time = 10"),
        ):
            sentence = self.refused("run", "link", "--restore", "run.ckpt", *options)
            self.assertIn("run.ckpt: not restored, " + why, sentence)
        whole = (self.folder / "run.ckpt").read_bytes()
        (self.folder / "short.ckpt").write_bytes(whole[:-100])
        (self.folder / "wrong.ckpt").write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
        self.assertIn("short.ckpt: not restored, it is cut short: ", self.refused("run", "link", "--restore", "short.ckpt"))
        self.assertIn("wrong.ckpt: not restored, its contents are damaged.", self.refused("run", "link", "--restore", "wrong.ckpt"))
        self.assertIn("none.ckpt: not restored, it cannot be read.", self.refused("run", "link", "--restore", "none.ckpt"))

    def test_what_cannot_be_saved_is_said_before_the_run(self):
        save = ["run", "link", "--save", "run.ckpt", "--save-at"]
        self.assertIn("--save-at 200: not in the run; allowed is a time from 0 to less than 100", self.refused(*save, "200"))
        self.assertIn("--save-at 3 kg: ", self.refused(*save, "3 kg"))
        self.assertIn("--save no/run.ckpt: cannot be written", self.refused("run", "link", "--save", "no/run.ckpt"))
        self.assertIn("--save", self.refused("run", "link", "--save-at", "3"))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_256_byte_writes_without_errors_reach_705_7_of_800(self):
        result = self.run_json()
        self.assertEqual(result["raw_gbps"], 800)
        self.assertAlmostEqual(result["goodput_gbps"], 705.7, delta=0.1)
        self.assertEqual(result["flits"]["lost"], 0)

    def test_light_shows_budget_lanes_and_energy(self):
        result = self.run_json("--time", "60us", "--set",
                               'light.events=[{time=5, what="connector_loss", element="connector_2", value=2}]')
        light = result["light"]
        self.assertTrue(light["on"])
        east, west = light["directions"]
        self.assertAlmostEqual(sum(e["db"] for e in east["elements"]), 17.41, delta=0.05)
        self.assertAlmostEqual(east["margin_db"], 0.6, delta=0.1)
        self.assertEqual(east["changes"], 16)
        self.assertEqual(west["changes"], 0)
        for lane in east["lanes_at_end"]:
            self.assertTrue(1e-7 < lane["ber"] < 5e-7, lane)
        self.assertAlmostEqual(result["energy_pj_per_bit"], 4.87, delta=0.01)
        self.assertAlmostEqual(sum(p["pj_per_bit"] for p in result["energy_parts"]), result["energy_pj_per_bit"])

    def test_light_is_off_where_the_channel_is_given(self):
        result = self.run_json("--time", "20us", "--set", "channel.ber=1e-7")
        self.assertFalse(result["light"]["on"])
        self.assertIn("channel.ber is given", result["light"]["why"])
        self.assertIsNone(result["energy_pj_per_bit"])

    def test_a_negative_margin_is_refused_with_the_numbers(self):
        self.assertIn("its margin is -0.10 dB; a run needs 0 dB or more",
                      self.refused("run", "link", "--set", "fiber.length=2km"))

    def test_factors_of_the_waterfall_multiply_to_the_goodput(self):
        for more in ([], ["--set", "channel.ber=3e-7"], ["--set", "link.window=50"], ["--set", "traffic.load=0.4"]):
            with self.subTest(more=more):
                result = self.run_json("--time", "50us", *more)
                product = result["raw_gbps"] * math.prod(stage["factor"] for stage in result["waterfall"])
                self.assertAlmostEqual(product / result["goodput_gbps"], 1, delta=1e-3)
                self.assertAlmostEqual(result["waterfall"][-1]["gbps"] / result["goodput_gbps"], 1, delta=1e-3)

    def test_flits_are_conserved(self):
        flits = self.run_json("--time", "30us", "--set", "channel.ber=1e-6")["flits"]
        self.assertEqual(flits["offered"], flits["delivered"] + flits["lost"] + flits["in_flight"])

    def test_jobs_and_records_change_no_trace_and_another_seed_does(self):
        options = ["--time", "20us", "--set", "channel.ber=1e-6"]
        one = self.run_json(*options, "--jobs", "1")
        self.assertEqual(self.run_json(*options, "--jobs", "2")["trace_hash"], one["trace_hash"])
        traced = self.run_json(*options, "--trace", "*", "--timeline", "--out", "traced")
        self.assertEqual(traced["trace_hash"], one["trace_hash"])
        self.assertEqual(traced["config_hash"], one["config_hash"])
        other = self.run_json(*options, "--seed", "2")
        self.assertNotEqual(other["trace_hash"], one["trace_hash"])
        self.assertEqual(other["config_hash"], one["config_hash"], "the seed is named beside the configuration")

    def test_rtl_at_either_end_or_both_gives_the_trace_of_flit(self):
        options = ["--time", "8us", "--set", "channel.ber=1e-6"]
        flit = self.run_json(*options)
        for more in (["--fidelity", "rtl"], ["--set", "link.fidelity.link0.west=rtl"], ["--set", "link.fidelity.link0.east=rtl"]):
            with self.subTest(more=more):
                other = self.run_json(*options, *more)
                self.assertEqual(other["trace_hash"], flit["trace_hash"])
                self.assertEqual(other["flits"], flit["flits"])
                self.assertIn("rtl", other["fidelity"])

    def test_waveforms_are_written_for_rtl_instances_that_match(self):
        self.run_json("--time", "1us", "--fidelity", "rtl", "--fst", "*.west", "--out", "waves")
        self.assertEqual([file.name for file in (self.folder / "waves").glob("*.fst")], ["link0.west.fst"])

    def test_quantities_have_units(self):
        half = self.run_json("--time", "40us", "--set", "fiber.length=0.5 km")
        same = self.run_json("--time", "40", "--set", "fiber.length=500")
        self.assertEqual(half["config_hash"], same["config_hash"])
        self.assertEqual(half["trace_hash"], same["trace_hash"])
        self.assertGreater(half["latency_ns"]["mean"], 500 * 4.895)

    def test_a_folder_holds_configuration_rows_and_page(self):
        done = self.call("run", "link", "--time", "20us", "--out", "mine", "--trace", "link0.west.state")
        self.assertEqual(done.returncode, 0, done.stderr)
        mine = self.folder / "mine"
        with open(mine / "results.csv", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(row["from"], row["to"]) for row in rows], [("west", "east"), ("east", "west")])
        for row in rows:
            for key in ("git", "config_hash", "seed", "fidelity"):
                self.assertTrue(row[key], key)
        with sqlite3.connect(mine / "results.sqlite") as database:
            self.assertEqual(database.execute("SELECT count(*) FROM results WHERE seed = 1").fetchone(), (2,))
        self.assertIn("<html", (mine / "report.html").read_text(encoding="utf-8")[:200])
        with open(mine / "records.csv", encoding="utf-8") as file:
            states = [row["text"].split()[0] for row in csv.DictReader(file)]
        self.assertEqual(states, ["DETECT", "LOCK", "MAP", "DESKEW", "INIT", "ACTIVE"])

    def test_the_effective_configuration_makes_the_same_run_again(self):
        first = self.run_json("--time", "20us", "--set", "engine.profile=GEN3_8T", "--seed", "5", "--out", "first")
        done = self.call("run", "first/config.toml", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        again = json.loads(done.stdout)
        for key in ("trace_hash", "config_hash", "goodput_gbps", "seed"):
            self.assertEqual(again[key], first[key], key)

    def test_the_default_folder_is_named_by_configuration_and_seed(self):
        done = self.call("run", "link", "--time", "20us", "--seed", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        (folder,) = (self.folder / "lightrack-out").iterdir()
        self.assertRegex(folder.name, "^link-[0-9a-f]{12}-3$")

    def test_the_timeline_is_a_trace_that_perfetto_opens(self):
        self.run_json("--time", "6us", "--timeline=line.json")
        events = json.loads((self.folder / "line.json").read_text(encoding="utf-8"))["traceEvents"]
        names = {event["args"]["name"] for event in events if event["name"] == "process_name"}
        self.assertEqual(names, {"link0.west", "link0.east"})
        self.assertTrue(any(event["ph"] == "X" and event["name"] == "ACTIVE" for event in events))

    def test_a_dark_link_ends_with_code_3_and_says_who_waits(self):
        done = self.call("run", "link", "--json", "--set", 'channel.events=[{time=0, lane="all", what="lose"}]')
        self.assertEqual(done.returncode, 3)
        self.assertIn("link0.west waits in DETECT for light that never comes", done.stderr)
        self.assertFalse(json.loads(done.stdout)["complete"])

    def test_an_interrupt_keeps_what_was_done_marked_incomplete(self):
        with subprocess.Popen(
            [PROGRAM, "run", "link", "--time", "1s", "--out", "part"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            while not (self.folder / "part" / "config.toml").exists():
                time.sleep(0.05)
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        result = json.loads((self.folder / "part" / "result.json").read_text(encoding="utf-8"))
        self.assertFalse(result["complete"])
        self.assertEqual(result["stopped_by"], "interrupted")


class wrong_input(cli_test):
    def toml(self, text):
        (self.folder / "run.toml").write_text(text, encoding="utf-8")
        return self.refused("run", "run.toml")

    def test_unknown_key(self):
        self.assertIn("run.toml:2: link.lane = 8: no such key", self.toml("[link]\nlane = 8\n"))
        self.assertIn("nearest is link.lanes", self.toml("[link]\nlane = 8\n"))

    def test_wrong_type(self):
        self.assertIn('run.toml:2: link.window = true: a number is wanted; allowed is a whole number of flits from 1 to 511',
                      self.toml("[link]\nwindow = true\n"))

    def test_out_of_range(self):
        self.assertIn("run.toml:3: fiber.length = 5000: out of range; allowed is a number of m from 0.5 to 2000",
                      self.toml("\n[fiber]\nlength = 5000\n"))

    def test_wrong_unit(self):
        sentence = self.refused("run", "link", "--set", "fiber.length=3 s")
        self.assertIn("--set: fiber.length = \"3 s\": 's' is a time", sentence)
        self.assertIn("--time: sim.time = \"10m\": 'm' is a length", self.refused("run", "link", "--time", "10m"))

    def test_missing_file(self):
        self.assertIn("none.toml: cannot be read", self.refused("run", "none.toml"))
        self.assertIn("none.toml: cannot be read", self.refused("run", "link", "--config", "none.toml"))
        self.assertIn("traffic.file = \"none.csv\": cannot be read", self.refused("run", "link", "--set", "traffic.file=none.csv"))

    def test_malformed_csv_line(self):
        (self.folder / "t.csv").write_text(
            "time_ns,source,destination,operation,address,bytes\n0,west,east,write,0,256\n1,west,east,write,0\n", encoding="utf-8")
        self.assertIn("t.csv:3: ", self.refused("run", "link", "--set", "traffic.file=t.csv"))

    def test_contradictory_values(self):
        self.assertIn("contradicts", self.refused("run", "link", "--set", "link.lanes=8", "--set", "link.lanes=16"))
        self.assertIn("contradicts", self.refused("run", "link", "--seed", "2", "--set", "sim.seed=3"))
        self.assertIn("contradicts engine.profile",
                      self.refused("run", "link", "--set", "engine.profile=GEN2_4T", "--set", "link.lanes=16"))
        self.assertIn("run.toml:2: channel.ber", self.toml("[channel]\nber = [0, 1e-9]\n"))

    def test_unwritable_output(self):
        self.assertIn("/dev/null/x: cannot be written", self.refused("run", "link", "--time", "5us", "--out", "/dev/null/x"))

    def test_a_clock_that_is_no_whole_number_names_the_nearest_rates(self):
        sentence = self.refused("run", "link", "--set", "engine.gbps_per_lambda=53.125")
        nearest = re.findall(r"([\d.]+) Gb/s \(\d+ fs\)", sentence)
        self.assertEqual(len(nearest), 2, sentence)
        for rate in nearest:
            self.run_json("--time", "5us", "--set", f"engine.gbps_per_lambda={rate}")

    def test_not_toml(self):
        self.assertIn("run.toml:2: not TOML", self.toml("[link]\nlanes =\n"))

    def test_unknown_command_platform_option_and_fidelity_name_the_nearest(self):
        self.assertIn("nearest is run", self.refused("rum", "link"))
        self.assertIn("nearest is link", self.refused("run", "lnik"))
        self.assertIn("nearest is --jobs", self.refused("run", "link", "--jbos", "2"))
        self.assertIn("nearest is flit", self.refused("run", "link", "--fidelity", "filt"))
        self.assertIn("nearest is link", self.refused("study", "lnik"))
        self.assertIn("allowed is link", self.refused("run", "package"))
        self.assertIn("nearest is encode", self.refused("link", "enocde"))

    def test_a_burst_without_a_curve_is_refused_by_name(self):
        self.assertIn("allowed besides are flit and rtl",
                      self.refused("run", "link", "--fidelity", "burst", "--set", "engine.gbps_per_lambda=25"))

    def test_link_encode_says_what_is_wrong_with_its_input(self):
        self.assertIn("not JSON", self.refused("link", "encode", stdin="{"))
        self.refused("link", "encode", stdin='{"flits": 3}')
        self.refused("link", "decode", stdin='{"flits": [{"raw": "00"}]}')

    def test_report_of_no_folder(self):
        self.assertIn("nowhere", self.refused("report", "nowhere"))


class other_commands(cli_test):
    def test_every_example_of_every_help_runs_as_pasted(self):
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "lightrack").symlink_to(PROGRAM)
        environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
        long = {"lightrack compare link", "lightrack study link --quick", "lightrack study fec --quick"}  # minutes; they have tests of their own
        for arguments in ([], ["run"], ["study"], ["compare"], ["params"], ["link"], ["link", "encode"], ["link", "decode"], ["report"],
                          ["describe"], ["light"], ["light", "budget"], ["light", "ring"], ["light", "laser"]):
            done = self.call(*arguments, "--help")
            self.assertEqual(done.returncode, 0)
            lines = [line.strip() for line in done.stdout.split("Examples:")[1].split("\n\n")[0].splitlines() if line.strip()]
            self.assertGreater(len(lines), 0, arguments)
            for line in [each for each in lines if each not in long]:
                with self.subTest(line=line):
                    shell = subprocess.run(["bash", "-c", line], cwd=self.folder, env=environment, capture_output=True, text=True,
                                           timeout=300, check=False)
                    self.assertEqual(shell.returncode, 0, shell.stderr)

    def light(self, *arguments):
        done = self.call("light", *arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_light_prints_one_object_with_the_members_of_its_kind(self):
        budget = self.light("budget")
        self.assertLessEqual({"elements", "launch_dbm", "received_oma_dbm", "penalties_db", "sensitivity_dbm", "margin_db", "q", "ber"},
                             set(budget))
        self.assertTrue(all({"name", "place", "db"} == set(element) for element in budget["elements"]))
        self.assertLessEqual({"linewidth_ghz", "fsr_ghz", "neighbor_suppression_db", "crosstalk_db", "crosstalk_penalty_db", "er_db",
                              "insertion_loss_db", "oma_penalty_db"}, set(self.light("ring")))
        self.assertLessEqual({"power_mw_per_lane", "bias_ma", "threshold_ma", "wall_plug", "wall_plug_diode", "module_w", "shift_ghz",
                              "alarms"}, set(self.light("laser")))

    def test_light_prints_a_negative_margin_and_refuses_what_cannot_be(self):
        self.assertAlmostEqual(self.light("budget", "--set", "laser.power_per_lambda=9")["margin_db"], -1.41, 2)
        self.assertIn("16 lines of 200 GHz take 3.2 THz", self.refused("light", "ring", "--set", "ring.fsr=1.6"))
        self.assertIn("200 GBd as NRZ", self.refused("light", "budget", "--set", "engine.gbps_per_lambda=200"))
        self.assertIn("3200 Gb/s contradict", self.refused("light", "budget", "--set", "engine.fiber_ports=4"))
        self.assertIn("follows from other keys", self.refused("light", "ring", "--set", "ring.er=6"))
        self.assertIn("nearest is ring.q", self.refused("light", "ring", "--set", "ring.qq=3"))

    def test_params_lists_and_filters(self):
        everything = json.loads(self.call("params", "--json").stdout)["parameters"]
        self.assertGreater(len(everything), 40)
        for row in everything:
            self.assertLessEqual({"name", "unit", "default", "min", "max", "evidence", "note"}, set(row))
        some = json.loads(self.call("params", "channel.*", "--json").stdout)["parameters"]
        self.assertTrue(all(row["name"].startswith("channel.") for row in some))
        self.assertIn("link.rx_depth", self.call("params", "rx_depth").stdout)
        self.assertIn("nearest is link.rx_depth", self.refused("params", "link.rx_dpeth"))

    def test_the_template_is_a_configuration_that_changes_nothing(self):
        (self.folder / "t.toml").write_text(self.call("params", "--toml").stdout, encoding="utf-8")
        done = self.call("run", "t.toml", "--time", "5us", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["config_hash"], self.run_json("--time", "5us")["config_hash"])

    def test_the_template_holds_when_every_key_is_taken(self):
        lines = self.call("params", "--toml").stdout.splitlines()
        taken = [re.sub(r"^# (?=[a-z_]+ = )", "", line) for line in lines if "traffic.file" not in line and not line.startswith("# file = ")]
        (self.folder / "all.toml").write_text("\n".join(taken), encoding="utf-8")
        done = self.call("run", "all.toml", "--time", "5us", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_describe_shows_parts_links_and_registers(self):
        j = json.loads(self.call("describe", "link", "--json").stdout)
        self.assertEqual([part["name"] for part in j["parts"]], ["link0.west", "link0.east"])
        self.assertEqual(j["links"][0]["raw_gbps"], 800)
        names = {register["name"]: register["offset"] for register in j["registers"]}
        self.assertEqual(names["control"], 0x10)
        self.assertIn("link0.west", self.call("describe", "link").stdout)

    def test_encode_and_decode_are_inverse(self):
        flit = {"header": {**HEADER, "vc": 1, "seq": 5}, "payload": "a5" * 240, "fec": 0}
        coded = json.loads(self.call("link", "encode", stdin=json.dumps({"flits": [flit]})).stdout)["flits"][0]
        self.assertEqual(len(coded["flit"]), 512)
        decoded = json.loads(self.call("link", "decode", stdin=json.dumps({"flits": [{"raw": coded["flit"], "fec": 0}]})).stdout)
        self.assertTrue(decoded["flits"][0]["good"])
        self.assertEqual(decoded["flits"][0]["payload"], flit["payload"])
        self.assertEqual(decoded["flits"][0]["header"]["seq"], 5)

    def test_rtl_and_flit_code_alike(self):
        flits = {"flits": [{"header": {**HEADER, "seq": 7, "slots": 3}, "payload": "0f" * 240, "fec": 0}],
                 "stream": {"lanes": 8, "marker_interval": 1, "flit_order": [0, 0]}}
        coded = [self.call("link", "encode", "--fidelity", name, stdin=json.dumps(flits)) for name in ("flit", "rtl")]
        self.assertEqual(coded[0].returncode, 0, coded[0].stderr)
        self.assertEqual(coded[1].returncode, 0, coded[1].stderr)
        self.assertEqual(json.loads(coded[0].stdout), json.loads(coded[1].stdout))

    def test_rtl_and_flit_code_light_fec_spares_and_maps_alike(self):
        lanes = [lane for lane in range(18) if lane not in (3, 9)]
        flits = {"flits": [{"header": {**HEADER, "seq": 7, "slots": 3}, "payload": "0f" * 240, "fec": 1}],
                 "stream": {"lanes": 16, "spares": 2, "lane_map": lanes, "marker_interval": 1, "flit_order": [0, 0]}}
        coded = [self.call("link", "encode", "--fidelity", name, stdin=json.dumps(flits)) for name in ("flit", "rtl")]
        self.assertEqual(coded[1].returncode, 0, coded[1].stderr)
        self.assertEqual(json.loads(coded[0].stdout), json.loads(coded[1].stdout))
        del flits["stream"]["flit_order"]
        wire = {"stream": {**flits["stream"], "fec": 1}, "streams": json.loads(coded[0].stdout)["streams"]}
        read = [self.call("link", "decode", "--fidelity", name, stdin=json.dumps(wire)) for name in ("flit", "rtl")]
        self.assertEqual(read[1].returncode, 0, read[1].stderr)
        self.assertEqual(json.loads(read[0].stdout), json.loads(read[1].stdout))
        flits["stream"].update(lanes=8, spares=1, lane_map=list(range(8)))
        self.assertIn("is not built at rtl", self.refused("link", "encode", "--fidelity", "rtl", stdin=json.dumps(flits)))

    def test_compare_lists_its_scenarios_and_passes_one(self):
        self.assertIn("clean_16lanes_1m", self.call("compare", "link", "--list").stdout)
        done = self.call("compare", "link", "--scenario", "clean_8lanes_1m", "--pairing", "rtl-flit", "--json")
        result = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(result["pass"])
        self.assertEqual(result["scenarios"][0]["mismatches"], 0)
        self.assertIn("nothing", self.refused("compare", "link", "--scenario", "nothing-is-called-so"))

    def test_report_builds_the_page_again_and_compares_two(self):
        self.run_json("--time", "10us", "--out", "a")
        self.run_json("--time", "10us", "--set", "link.window=50", "--out", "b")
        os.remove(self.folder / "a" / "report.html")
        self.assertEqual(self.call("report", "a").returncode, 0)
        self.assertTrue((self.folder / "a" / "report.html").exists())
        done = self.call("report", "--diff", "a", "b", "--out", "both")
        self.assertIn("link.window", done.stdout)
        self.assertIn("b against a: goodput", done.stdout)
        page = json.loads((self.folder / "both" / "report.json").read_text())
        rows = [table for table in page["tables"] if "configured" in table["title"]][0]["rows"]
        self.assertEqual([row["key"] for row in rows if row["key"] == "link.window"], ["link.window"])
        self.assertIn("--out", self.refused("report", "a", "--out", "b"))

    def test_studies_are_listed(self):
        self.assertIn("link", self.call("study", "--list").stdout)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=1)
