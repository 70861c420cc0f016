# SPDX-License-Identifier: Apache-2.0
"""A report in Chromium, from a file and without a network: everything is drawn, nothing is fetched, nothing complains.

    page_test.py FOLDER    FOLDER holds report.json and report.html
"""

import json
import pathlib
import sys
import unittest

from playwright.sync_api import sync_playwright

FOLDER = pathlib.Path(sys.argv.pop(1)).resolve()
POINTS_DRAWN = """
() => [...document.querySelectorAll('.plot')].map((plot) => ({
  data: plot.classList.contains('js-plotly-plot') && plot.data.some((trace) => trace.y.some((y) => y !== null)),
  marks: plot.querySelectorAll('.point, .points path, .js-line').length,
  titles: ['.xtitle', '.ytitle'].every((axis) => plot.querySelector(axis) !== null) || plot.data[0].type === 'bar',
}))
"""

WIDER_THAN_ITS_BOX = """
() => [...document.querySelectorAll('.plot')].filter((plot) =>
  plot.querySelector('.main-svg').getBoundingClientRect().width > plot.getBoundingClientRect().width + 1).length ? ['plot'] : []
"""


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = json.loads((FOLDER / "report.json").read_text())
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()

    def open(self, **context):
        self.complaints = []
        self.requests = []
        page = self.browser.new_page(**context)
        self.addCleanup(page.close)
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto((FOLDER / "report.html").as_uri())
        page.wait_for_selector("body[data-drawn=yes]", timeout=60_000)
        return page

    def check_quiet(self):
        self.assertEqual(self.complaints, [])
        self.assertEqual(self.requests, [(FOLDER / "report.html").as_uri()], "only the page itself is read")

    def check_drawn(self, page):
        plots = page.evaluate(POINTS_DRAWN)
        panels = sum(len(figure["views"][0]["panels"]) for figure in self.document["figures"])
        self.assertEqual(len(plots), panels)
        for plot in plots:
            self.assertTrue(plot["data"] and plot["marks"] > 0 and plot["titles"], plot)

    def test_every_figure_has_its_title_command_and_marks(self):
        for scheme in ("light", "dark"):
            with self.subTest(scheme=scheme):
                page = self.open(color_scheme=scheme)
                self.check_drawn(page)
                titles = page.locator("section.figure h2").all_text_contents()
                self.assertEqual(titles, [figure["title"] for figure in self.document["figures"]])
                self.assertGreater(len(titles), 0)
                self.assertEqual(page.locator("section.figure .command").count(), len(titles))
                self.check_quiet()

    def test_head_says_the_answer_and_what_was_run(self):
        page = self.open()
        self.assertEqual(page.locator(".answer").all_text_contents(), self.document["answers"])
        self.assertGreater(len(self.document["answers"]), 0)
        names = [name.lower() for name in page.locator("dl.facts dt").all_text_contents()]
        for needed in ("configuration", "seed", "revision", "fidelity"):
            self.assertTrue(any(needed in name for name in names), (needed, names))

    def test_every_view_of_a_figure_can_be_chosen(self):
        page = self.open()
        for number, figure in enumerate(self.document["figures"]):
            select = page.locator("section.figure").nth(number).locator("select")
            for view in range(1, len(figure["views"])):
                select.select_option(str(view))
                self.assertEqual(page.evaluate(WIDER_THAN_ITS_BOX), [], (figure["title"], view))
            if len(figure["views"]) > 1:
                select.select_option("0")
        self.check_drawn(page)
        self.check_quiet()

    def test_a_click_on_a_column_sorts_its_table(self):
        page = self.open()
        rated = [
            (number, column)
            for number, table in enumerate(self.document["tables"])
            for column, entry in enumerate(table["columns"])
            if entry["key"].startswith("goodput") or entry["key"] in ("margin_db", "yield")
        ]
        if not rated:  # two runs side by side: rows of different units, in the order of their meaning
            self.assertIn("What was configured differently", [table["title"] for table in self.document["tables"]])
            return
        number, column = rated[-1]
        table = page.locator("section.table").nth(number)
        cells = lambda: [float(t) for t in table.locator(f"tbody td:nth-child({column + 1})").all_text_contents() if t != "-"]
        button = table.locator("th button").nth(column)
        before = cells()
        button.click()
        self.assertEqual(cells(), sorted(before))
        button.click()
        self.assertEqual(cells(), sorted(before, reverse=True))

    def test_nothing_runs_out_of_a_narrow_window(self):
        page = self.open(viewport={"width": 420, "height": 800})
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 420)

    def test_it_prints(self):
        page = self.open(color_scheme="dark")
        self.assertTrue(page.pdf(format="A4").startswith(b"%PDF"))
        self.check_quiet()


if __name__ == "__main__":
    unittest.main()
