# SPDX-License-Identifier: Apache-2.0
"""Puts style, script and Plotly into the page template, so that a report is one file that needs no network.

    make_page.py FOLDER PLOTLY OUTPUT    FOLDER holds page.html, page.css and page.js; @DATA@ stays for the program
"""

import pathlib
import sys


def main() -> None:
    folder, plotly, output = (pathlib.Path(argument) for argument in sys.argv[1:4])
    page = (folder / "page.html").read_text(encoding="utf-8")
    parts = {
        "@STYLE@": folder / "page.css",
        "@PLOTLY@": plotly,
        "@SCRIPT@": folder / "page.js",
    }
    for mark, file in parts.items():
        text = file.read_text(encoding="utf-8")
        if "</script" in text.lower() or "</style" in text.lower():
            sys.exit(f"{file}: closes its own element; write '<' + '/' apart")
        if "@DATA@" in text:
            sys.exit(f"{file}: holds @DATA@, the mark that the program replaces")
        page = page.replace(mark, text, 1)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page, encoding="utf-8")


main()
