# SPDX-License-Identifier: Apache-2.0
"""Reads the points of a link study with pandas: goodput against window by fiber, and what errors cost.

    lightrack study link --quick --out my-study
    .venv/bin/python docs/examples/read_results.py my-study
"""

import pathlib
import sqlite3
import sys

import pandas

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "my-study")
with sqlite3.connect(folder / "results.sqlite") as database:
    runs = pandas.read_sql("select * from results", database)

# A point may serve several questions: `series` names them, with spaces between.
windows = runs[runs.series.str.contains("window")]
print("goodput in Gb/s by window (columns, flits) and fiber (rows, m)")
print(windows.pivot_table("goodput_gbps", "length_m", "window").round(1).to_string())

errors = runs[runs.series.str.contains("error") & (runs.length_m == 20)].sort_values("ber")
print("\n20 m of fiber")
print(errors[["ber", "flit_efficiency", "flit_efficiency_formula", "goodput_gbps", "latency_p99_ns"]].to_string(index=False))
