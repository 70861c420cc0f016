#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes everything that is known about registers from one SystemRDL file: RTL, C++, firmware header and pages.

  tools/regs.py sv rtl/link.rdl build/generated/rtl
  tools/regs.py cpp rtl/link.rdl build/generated/rtl
  tools/regs.py html rtl/link.rdl build/registers
  tools/regs.py markdown rtl/link.rdl docs/registers.md
"""
import argparse
import dataclasses
import pathlib
import shutil
import sys
import tempfile

from peakrdl_cheader.exporter import CHeaderExporter
from peakrdl_html import HTMLExporter
from peakrdl_regblock import RegblockExporter
from peakrdl_regblock.cpuif.apb4 import APB4_Cpuif_flattened
from peakrdl_regblock.udps import ALL_UDPS
from systemrdl import RDLCompileError, RDLCompiler
from systemrdl.node import RegfileNode, RegNode
from systemrdl.rdltypes import OnWriteType

ADDRESS_BITS = 12  # 4 KiB an endpoint, so that nothing aliases
RESERVED = {"info", "fields", "from_word", "to_word", "count_of", "offset_of"}


def elaborate(rdl):
    compiler = RDLCompiler()
    for udp in ALL_UDPS:
        compiler.register_udp(udp)
    try:
        compiler.compile_file(str(rdl))
        return compiler.elaborate().top
    except RDLCompileError as error:  # its messages have been printed, with line and column
        raise SystemExit(f"{rdl}: {error}") from None


@dataclasses.dataclass
class Field:
    """One field; `access` is one of rw, ro, w1c, pulse, and anything else in the source is refused."""
    name: str
    low: int
    width: int
    reset: int
    access: str
    live: bool
    description: str

    @classmethod
    def of(cls, node):
        onwrite = node.get_property("onwrite")
        if node.get_property("singlepulse"):
            access = "pulse"
        elif onwrite == OnWriteType.woclr:
            access = "w1c"
        elif node.is_sw_writable and node.is_sw_readable and onwrite is None:
            access = "rw"
        elif node.is_sw_readable and not node.is_sw_writable:
            access = "ro"
        else:
            raise SystemExit(f"{node.get_path()}: this access is not known here")
        if node.inst_name in RESERVED | {node.parent.inst_name}:
            raise SystemExit(f"{node.get_path()}: the name is taken in C++")
        return cls(node.inst_name, node.low, node.width, node.get_property("reset", default=0) or 0, access,
                   access == "ro" and (node.is_hw_writable or node.external),
                   " ".join(node.get_property("desc", default="").split()))

    @property
    def mask(self):
        return ((1 << self.width) - 1) << self.low

    @property
    def bits(self):
        return f"{self.low + self.width - 1}:{self.low}" if self.width > 1 else f"{self.low}"

    @property
    def type(self):
        if self.width == 1:
            return "bool"
        return next(f"std::uint{size}_t" for size in (8, 16, 32) if self.width <= size)


@dataclasses.dataclass
class Register:
    """A register or an array of them; `path` holds the names of its regfiles and its own."""
    path: list
    offset: int
    count: int
    stride: int
    title: str
    fields: list

    @classmethod
    def of(cls, node, top, path):
        fields = [Field.of(field) for field in node.fields()]
        first = node
        if node.is_array:
            if len(node.array_dimensions) != 1:
                raise SystemExit(f"{node.get_path()}: arrays have one dimension")
            first = next(iter(node.unrolled()))
        title = node.get_property("desc", default=node.get_property("name"))
        return cls(path, first.absolute_address - top.absolute_address,
                   node.array_dimensions[0] if node.is_array else 1,
                   node.array_stride if node.is_array else 4, " ".join(title.split()), fields)

    def mask(self, *accesses):
        return sum(field.mask for field in self.fields if field.access in accesses)

    @property
    def reset(self):
        return sum(field.reset << field.low for field in self.fields)

    @property
    def live_mask(self):
        return sum(field.mask for field in self.fields if field.live)


def registers_of(top, node=None, path=()):
    for child in (node or top).children():
        if isinstance(child, RegNode):
            yield Register.of(child, top, [*path, child.inst_name])
        elif isinstance(child, RegfileNode) and not child.is_array:
            yield from registers_of(top, child, (*path, child.inst_name))
        else:
            raise SystemExit(f"{child.get_path()}: registers and single regfiles only")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def emit_register(reg):
    yield f"/// {reg.title}"
    yield f"struct {reg.path[-1]} {{"
    for field in reg.fields:
        value = ("true" if field.reset else "false") if field.width == 1 else f"{field.reset:#x}"
        yield f"  {field.type} {field.name} = {value};  ///< {field.description}"
    yield f"  static constexpr std::array<base::field_info, {len(reg.fields)}> fields{{{{"
    for field in reg.fields:
        yield (f"      {{.name = {quoted(field.name)}, .low = {field.low}, .width = {field.width}, "
               f".reset = {field.reset:#x}, .access = {quoted(field.access)}, "
               f".description = {quoted(field.description)}}},")
    yield "  }};"
    yield f"  static constexpr base::reg_info info{{.name = {quoted('.'.join(reg.path))},"
    for name, value in (("offset", reg.offset), ("reset", reg.reset), ("write_mask", reg.mask("rw")),
                        ("w1c_mask", reg.mask("w1c")), ("pulse_mask", reg.mask("pulse")),
                        ("live_mask", reg.live_mask)):
        yield f"                                       .{name} = {value:#x},"
    yield f"                                       .title = {quoted(reg.title)},"
    yield "                                       .fields = fields};"
    if reg.count > 1:
        yield f"  static constexpr std::uint32_t count_of = {reg.count};"
        yield ("  [[nodiscard]] static constexpr std::uint32_t offset_of(std::uint32_t index) { "
               f"return {reg.offset:#x} + {reg.stride} * index; }}")
    yield f"  [[nodiscard]] static constexpr {reg.path[-1]} from_word(std::uint32_t word) {{"
    yield "    return {" + ", ".join(
        f".{f.name} = static_cast<{f.type}>(word >> {f.low} & {(1 << f.width) - 1:#x}U)" for f in reg.fields) + "};"
    yield "  }"
    yield "  [[nodiscard]] constexpr std::uint32_t to_word() const {"
    yield "    return " + " | ".join(
        f"(std::uint32_t{{{f.name}}} & {(1 << f.width) - 1:#x}U) << {f.low}" for f in reg.fields) + ";"
    yield "  }"
    yield f"  friend constexpr bool operator==(const {reg.path[-1]}&, const {reg.path[-1]}&) = default;"
    yield "};"


def emit_table(registers, top):
    rows = []
    for reg in registers:
        type_name = "::".join(reg.path)
        if reg.count == 1:
            rows.append(f"    {type_name}::info,")
        for index in range(reg.count if reg.count > 1 else 0):
            name = quoted(f"{'.'.join(reg.path)}[{index}]")
            rows.append(f"    base::element({type_name}::info, {name}, {reg.offset + reg.stride * index:#x}),")
    yield "/// All registers by rising offset, arrays one element at a time."
    yield f"inline constexpr std::array<base::reg_info, {len(rows)}> registers{{{{"
    yield from rows
    yield "}};"
    yield ""
    yield "/// Bytes from the first register to the end of the last."
    yield f"inline constexpr std::uint32_t size = {top.size:#x};"


def source_name(rdl):
    """The source as the tree names it, from wherever the build calls."""
    root = pathlib.Path(__file__).resolve().parent.parent
    return rdl.resolve().relative_to(root).as_posix()


def emit_header(top, source):
    registers = sorted(registers_of(top), key=lambda reg: reg.offset)
    area, _, rest = top.inst_name.partition("_")
    yield f"// Made from {source} by tools/regs.py; changes belong there."
    yield f"// {top.get_property('name')}: {top.get_property('desc')}"
    yield "// Fields start at their reset values, so a register named with some fields has the others at reset."
    yield "#pragma once"
    yield ""
    yield "#include <array>"
    yield "#include <cstdint>"
    yield ""
    yield '#include "models/base/registers.h"'
    yield ""
    yield f"namespace lightrack::{area}::{rest} {{"
    inside = []
    for reg in registers:
        if reg.path[:-1] != inside:
            yield from [f"}}  // namespace {'::'.join(inside)}"] if inside else []
            inside = reg.path[:-1]
            yield from ["", f"namespace {'::'.join(inside)} {{"] if inside else []
        yield ""
        yield from emit_register(reg)
    yield from [f"}}  // namespace {'::'.join(inside)}"] if inside else []
    yield ""
    yield from emit_table(registers, top)
    yield ""
    yield f"}}  // namespace lightrack::{area}::{rest}"


def replace_changed(source, target):
    """Files whose text stays keep their time, so that what is built from them is not built again."""
    for made in source.iterdir():
        old = target / made.name
        if not old.exists() or old.read_bytes() != made.read_bytes():
            shutil.copyfile(made, old)


def sv(top, output, _source):
    """RTL: an APB4 register block lr_<map> and its package, reset arst_n; an address without a register is an error."""
    RegblockExporter().export(
        top, str(output), cpuif_cls=APB4_Cpuif_flattened, module_name=f"lr_{top.inst_name}",
        package_name=f"lr_{top.inst_name}_pkg", address_width=ADDRESS_BITS, default_reset_activelow=True,
        default_reset_async=True, err_if_bad_addr=True)


def cpp(top, output, source):
    """C++ types and tables in <map>.h, the firmware's C header in <map>_regs.h."""
    (output / f"{top.inst_name}.h").write_text("\n".join(emit_header(top, source)) + "\n", encoding="utf-8")
    CHeaderExporter().export(top, str(output / f"{top.inst_name}_regs.h"))


def html(top, output, _source):
    """Pages to browse, from PeakRDL-html."""
    HTMLExporter().export(top, str(output))


def markdown_lines(top, source):
    yield f"# Registers: {top.get_property('name')}"
    yield ""
    yield f"Made by `tools/regs.py markdown {source}` and checked by a test; " \
          "changes belong in the source."
    yield ""
    yield top.get_property("desc")
    yield ""
    yield "Access: `rw` read and write; `ro` read only, writes are ignored; `w1c` writing 1 clears, an event at the " \
          "same clock wins; `pulse` writing 1 acts once, reads 0."
    yield ""
    yield "| offset | register | bits | field | access | reset | meaning |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for reg in sorted(registers_of(top), key=lambda each: each.offset):
        last = reg.offset + (reg.count - 1) * reg.stride
        place = f"{reg.offset:#05x}" + (f" to {last:#05x}" if reg.count > 1 else "")
        name = ".".join(reg.path) + (f"[{reg.count}]" if reg.count > 1 else "")
        yield f"| {place} | `{name}` | | | | | {reg.title} |"
        for field in reg.fields:
            reset = "-" if field.live else f"{field.reset}" if field.reset < 10**7 else f"{field.reset:#x}"
            yield f"| | | {field.bits} | `{field.name}` | {field.access} | {reset} | {field.description} |"


def markdown(top, output, source, check):
    """One table for docs/; with --check only compares it with the file that is there."""
    text = "\n".join(markdown_lines(top, source)) + "\n"
    if not check:
        output.write_text(text, encoding="utf-8")
    elif not output.exists() or output.read_text(encoding="utf-8") != text:
        raise SystemExit(f"{output} is not what {source} says: run tools/regs.py markdown {source} {output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (sv, cpp, html, markdown):
        sub = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        sub.add_argument("rdl", type=pathlib.Path)
        sub.add_argument("output", type=pathlib.Path)
        sub.set_defaults(command=command)
    sub.add_argument("--check", action="store_true")
    args = parser.parse_args()
    top = elaborate(args.rdl)
    source = source_name(args.rdl)
    if args.command is markdown:
        markdown(top, args.output, source, args.check)
        return
    args.output.mkdir(parents=True, exist_ok=True)
    if args.command is html:
        html(top, args.output, source)
        return
    with tempfile.TemporaryDirectory() as made:
        args.command(top, pathlib.Path(made), source)
        replace_changed(pathlib.Path(made), args.output)


if __name__ == "__main__":
    sys.exit(main())
