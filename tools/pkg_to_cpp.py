#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the C++ twin of rtl/lr_link_pkg.sv: its numbers, its enums, and its packed structs with pack and unpack.

The package is written for this reader: one localparam, enum value or field a line, no expressions. A line that
is not understood is an error, so nothing is left out in silence.

  tools/pkg_to_cpp.py rtl/lr_link_pkg.sv build/generated/rtl/link_pkg.h
"""
import argparse
import re
import sys


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def number(text):
    based = re.fullmatch(r"\d+'h([0-9A-Fa-f_]+)", text)
    return hex(int(based.group(1), 16)) if based else str(int(text))


def unsigned_type(bits):
    return next(f"std::uint{size}_t" for size in (8, 16, 32, 64) if bits <= size)


def parse(lines):
    """Yields ("number", name, value, comment), ("enum", name, [(name, value)]), ("struct", name, [(name, bits)])."""
    body, kind = None, None
    for line_number, raw in enumerate(lines, 1):
        line, _, comment = raw.partition("//")
        line, comment = line.strip(), comment.strip()
        if body is None:
            if not line or re.fullmatch(r"(package \w+;|endpackage)", line):
                continue
            if m := re.fullmatch(r"localparam int unsigned (\w+) = ([\w']+);", line):
                yield "number", m.group(1), number(m.group(2)), comment
            elif m := re.fullmatch(r"typedef (enum logic \[\d+:0\]|struct packed) \{", line):
                body, kind = [], "enum" if m.group(1).startswith("enum") else "struct"
            else:
                raise SystemExit(f"line {line_number}: not understood: {line}")
        elif m := re.fullmatch(r"\} (\w+)_[et];", line):
            yield kind, m.group(1), body
            body = None
        elif kind == "enum" and (m := re.fullmatch(r"(\w+) = (\d+),?", line)):
            body.append((m.group(1), m.group(2)))
        elif kind == "struct" and (m := re.fullmatch(r"logic\s+(?:\[(\d+):0\]\s+)?(\w+);", line)):
            body.append((m.group(2), int(m.group(1) or 0) + 1))
        elif line:
            raise SystemExit(f"line {line_number}: not understood: {line}")


def emit_enum(name, values):
    prefix = re.match(r"[A-Z][a-z]+", values[0][0]).group(0)
    yield f"enum class {name}_e : std::uint8_t {{"
    for value_name, value in values:
        yield f"  {snake(value_name[len(prefix):] if value_name.startswith(prefix) else value_name)} = {value},"
    yield "};"
    yield f"[[nodiscard]] constexpr const char* name_of({name}_e v) {{"
    yield "  switch (v) {"
    for value_name, _ in values:
        short = value_name[len(prefix):] if value_name.startswith(prefix) else value_name
        yield f'    case {name}_e::{snake(short)}: return "{re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short).upper()}";'
    yield "  }"
    yield '  return "?";'
    yield "}"


def emit_struct(name, fields):
    bits = sum(width for _, width in fields)
    yield f"/// {bits} bits; `unpack` reads 32-bit words, least significant first, as Verilator lays a packed struct out."
    yield f"struct {name} {{"
    yield f"  static constexpr int bits = {bits};"
    for field, width in fields:
        yield f"  {unsigned_type(width)} {field} = 0;"
    yield f"  friend bool operator==(const {name}&, const {name}&) = default;"
    yield "  template <class Words>"
    yield f"  [[nodiscard]] static constexpr {name} unpack(const Words& words) {{"
    yield f"    {name} v;"
    low = bits
    for field, width in fields:
        low -= width
        yield f"    v.{field} = static_cast<{unsigned_type(width)}>(packed_field(words, {low}, {width}));"
    yield "    return v;"
    yield "  }"
    yield "};"


HEAD = """// Made from rtl/lr_link_pkg.sv; changes belong there.
#pragma once

#include <cstdint>

namespace lightrack::link::pkg {

/// Bits [low, low + width) of a value in 32-bit words, least significant word first; width <= 64.
template <class Words>
[[nodiscard]] constexpr std::uint64_t packed_field(const Words& words, int low, int width) {
  const int word = low / 32;
  const int shift = low % 32;
  std::uint64_t value = static_cast<std::uint64_t>(words[word]) >> shift;
  if (shift + width > 32) value |= static_cast<std::uint64_t>(words[word + 1]) << (32 - shift);
  if (shift + width > 64) value |= static_cast<std::uint64_t>(words[word + 2]) << (64 - shift);
  return width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package")
    parser.add_argument("output")
    args = parser.parse_args()
    out = [HEAD]
    with open(args.package, encoding="utf-8") as source:
        for item in parse(source):
            if item[0] == "number":
                _, name, value, comment = item
                if comment:
                    out.append(f"/// {comment}")
                out.append(f"inline constexpr std::int64_t {snake(name)} = {value};")
            elif item[0] == "enum":
                out.extend(["", *emit_enum(item[1], item[2])])
            else:
                out.extend(["", *emit_struct(item[1], item[2])])
    out.append("\n}  // namespace lightrack::link::pkg")
    with open(args.output, "w", encoding="utf-8") as target:
        target.write("\n".join(out) + "\n")


if __name__ == "__main__":
    sys.exit(main())
