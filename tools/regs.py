#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes everything that is known about registers from one SystemRDL file: RTL, C++, firmware header and pages.

  tools/regs.py sv rtl/link.rdl build/generated/rtl
"""
import argparse
import pathlib
import sys

from peakrdl_regblock import RegblockExporter
from peakrdl_regblock.cpuif.apb4 import APB4_Cpuif_flattened
from peakrdl_regblock.udps import ALL_UDPS
from systemrdl import RDLCompiler

ADDRESS_BITS = 12  # 4 KiB an endpoint, so that nothing aliases


def elaborate(rdl):
    compiler = RDLCompiler()
    for udp in ALL_UDPS:
        compiler.register_udp(udp)
    compiler.compile_file(str(rdl))
    return compiler.elaborate().top


def sv(top, args):
    """RTL: an APB4 register block lr_<map> and its package, reset arst_n; an address without a register is an error."""
    RegblockExporter().export(
        top, str(args.output), cpuif_cls=APB4_Cpuif_flattened, module_name=f"lr_{top.inst_name}",
        package_name=f"lr_{top.inst_name}_pkg", address_width=ADDRESS_BITS, default_reset_activelow=True,
        default_reset_async=True, err_if_bad_addr=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (sv,):
        sub = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        sub.add_argument("rdl", type=pathlib.Path)
        sub.add_argument("output", type=pathlib.Path)
        sub.set_defaults(command=command)
    args = parser.parse_args()
    args.command(elaborate(args.rdl), args)


if __name__ == "__main__":
    sys.exit(main())
