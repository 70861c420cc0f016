# SPDX-License-Identifier: Apache-2.0
"""Names the values that a Verilated model keeps, for checkpoints that outlast another build of the same RTL.

state_members.py ROOT_HEADER OUTPUT

ROOT_HEADER is Verilator's Vname___024root.h; OUTPUT gets a function that lists its values with a hash of their names.
"""

import hashlib
import pathlib
import re
import sys

PORT = re.compile(r"VL_(?:IN|OUT|INOUT)(?:8|16|64|W)?\(&?(\w+),")
VALUE = re.compile(r"[\w:<>, /*\[\]&]+\s(\w+);$")


def members(header: str) -> list[str]:
    begin = header.index("// DESIGN SPECIFIC STATE")
    names = []
    for line in header[begin : header.index("// INTERNAL VARIABLES", begin)].splitlines():
        line = line.strip()
        if not line or line.startswith("//") or line in ("struct {", "};"):
            continue
        found = PORT.match(line) or VALUE.match(line)
        if found is None:
            sys.exit(f"state_members: what is this line of the model? {line}")
        # What Verilator adds is made anew in each evaluation, and numbered build by build; but for what edges are seen by.
        if not found[1].startswith("__V") or found[1].startswith("__Vtrigprevexpr"):
            names.append(found[1])
    return names


def main() -> None:
    source, output = map(pathlib.Path, sys.argv[1:])
    names = members(source.read_text())
    lines = [
        f"      {{0x{hashlib.sha256(name.encode()).hexdigest()[:16]}ULL, &root.{name}, sizeof root.{name}}},"
        for name in names
    ]
    output.write_text(
        "// Made by tools/state_members.py.\n"
        "template <class Root>\n"
        "std::vector<lightrack::bridge::model_value> values_of(Root& root) {\n"
        "  return {\n" + "\n".join(lines) + "\n  };\n}\n"
    )


main()
