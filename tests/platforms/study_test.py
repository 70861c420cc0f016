# SPDX-License-Identifier: Apache-2.0
"""`lightrack study link` as a user runs it: rows and pages, a study that goes on, Ctrl-C, one JSON object.

    study_test.py LIGHTRACK
"""

import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

LIGHTRACK = sys.argv.pop(1)
# Few points: one fiber, one error rate, one window; the credits and the lanes stay swept.
SMALL = ["--quick", "--set", "fiber.length=20", "--set", "channel.ber=1e-6", "--set", "link.window=128", "--time", "20us"]


def study(*arguments, jobs=2, **options):
    command = [LIGHTRACK, "study", "link", "--jobs", str(jobs), *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


def rows(folder):
    with sqlite3.connect(folder / "results.sqlite") as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("select * from results order by key")]


def without_host_time(table):
    return [{name: value for name, value in row.items() if name != "wall_s"} for row in table]


class Study(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name) / "study"

    def test_list_names_the_study(self):
        listed = subprocess.run([LIGHTRACK, "study", "--list"], capture_output=True, text=True)
        self.assertEqual(listed.returncode, 0)
        self.assertRegex(listed.stdout, r"(?m)^link .*replay depth")

    def test_a_key_that_is_given_is_not_swept(self):
        done = study(*SMALL, "--out", self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        table = rows(self.folder)
        self.assertEqual({row["length_m"] for row in table}, {20.0})
        self.assertEqual({row["ber"] for row in table}, {1e-6})
        self.assertEqual({row["window"] for row in table}, {128})
        self.assertEqual({row["lanes"] for row in table}, {4, 8, 16})
        self.assertEqual({row["rx_depth"] for row in table}, {64, 128, 256, 511})

    def test_lane_repair_quiesce_and_fec_have_rows_figures_and_sentences(self):
        self.assertEqual(study(*SMALL, "--out", self.folder).returncode, 0)
        table = rows(self.folder)
        lost = {(row["lanes"], row["spares"]): row for row in table if row["series"] == "repair" and row["load"] == 1}
        self.assertEqual(set(lost), {(16, 0), (16, 1), (8, 0), (8, 1)})
        for (_, spares), row in lost.items():
            left = row["goodput_after_gbps"] / row["goodput_before_gbps"]
            self.assertAlmostEqual(left, 1 if spares else 0.5, delta=0.05)
            self.assertEqual(row["flits_lost"], 0)
            self.assertGreater(row["outage_us"], 0.5)
        self.assertEqual({row["fec"] for row in table if "fec" in row["series"].split()}, {"none", "light"})
        self.assertEqual({row["quiesce_after"] for row in table if row["series"] == "sleep"}, {0, 64, 512})
        report = json.loads((self.folder / "report.json").read_text())
        titles = " ".join(figure["title"] for figure in report["figures"])
        for words in ("dead wavelength", "QUIESCE", "FEC against retry"):
            self.assertIn(words, titles)
        for words in ("A wavelength that dies", "Light FEC"):
            self.assertTrue(any(words in answer for answer in report["answers"]), words)

    def test_every_row_can_be_made_again(self):
        self.assertEqual(study(*SMALL, "--out", self.folder).returncode, 0)
        for row in rows(self.folder):
            self.assertRegex(row["config_hash"], r"^[0-9a-f]{12}$")
            self.assertEqual((row["seed"], row["fidelity"], row["status"]), (1, "flit", "done"))
            self.assertTrue(row["git"])
            self.assertRegex(row["trace_hash"], r"^[0-9a-f]{16}$")

    def test_number_of_jobs_changes_no_result(self):
        other = self.folder.with_name("other")
        self.assertEqual(study(*SMALL, "--out", self.folder).returncode, 0)
        self.assertEqual(study(*SMALL, "--out", other, jobs=1).returncode, 0)
        self.assertEqual(without_host_time(rows(self.folder)), without_host_time(rows(other)))

    def test_a_second_run_takes_every_point_from_the_first(self):
        self.assertEqual(study(*SMALL, "--out", self.folder).returncode, 0)
        first = rows(self.folder)
        again = json.loads(study(*SMALL, "--out", self.folder, "--json").stdout)
        self.assertEqual(again["points_reused"], len(again["points"]))
        self.assertEqual(rows(self.folder), first)

    def test_interrupted_keeps_its_rows_is_marked_and_goes_on(self):
        slow = [*SMALL[:-1], "8ms", "--out", str(self.folder)]
        process = subprocess.Popen([LIGHTRACK, "study", "link", "--jobs", "1", *slow], stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if len(rows(self.folder)) >= 2:
                    break
            except sqlite3.OperationalError:
                pass
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        kept = rows(self.folder)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertIn("Incomplete", report["warning"])
        self.assertGreaterEqual(len(kept), 2)
        finished = json.loads(study(*slow, "--json").stdout)
        self.assertGreaterEqual(finished["points_reused"], len(kept))
        self.assertLess(finished["points_reused"], len(finished["points"]), "something was left to do")
        self.assertTrue(finished["complete"])
        self.assertNotIn("warning", json.loads((self.folder / "report.json").read_text()))

    def test_json_is_one_object_on_stdout_and_writes_nothing(self):
        self.folder.mkdir()
        done = study(*SMALL, "--json", cwd=self.folder)
        told = json.loads(done.stdout)
        self.assertEqual((told["study"], told["complete"], told["out"]), ("link", True, None))
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(done.stderr, "")

    def test_a_wrong_value_is_refused_before_the_first_point(self):
        done = study("--set", "fiber.length=3kg", "--out", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("fiber.length", done.stderr)
        self.assertFalse(self.folder.exists())

    def test_a_link_that_cannot_train_is_a_row_with_its_reason(self):
        dead = [*SMALL, "--set", "channel.events=[{time = 0, lane = \"all\", direction = \"both\", what = \"lose\"}]"]
        told = json.loads(study(*dead, "--json").stdout)
        self.assertGreater(len(told["points"]), 0)
        for row in told["points"]:
            self.assertNotEqual(row["status"], "done")
            self.assertGreater(len(row["status"]), 20)


if __name__ == "__main__":
    unittest.main()
