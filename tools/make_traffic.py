#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the example traffic files of the link platform.

allreduce_step: two neighbors in a ring of packages, both ways at once. One step of the reduce-scatter and one of
the all-gather, 256 KiB each way: chunks of 32 KiB leave when they are reduced, in writes of 2 KiB, and a 16-byte
semaphore update ends each. The two sides are not in step: their compute runs at slightly different speed.

pooled_memory_read: decoding with the key-value cache in a pooled memory behind east. For each of eight layers
west asks for the page list, east answers with it, west reads 32 scattered pages of 4 KiB in four reads each, and
appends the new entries. Reads are offered at 90 % of the rate at which their data fits.

  tools/make_traffic.py platforms/link/examples
"""
import argparse
import pathlib

HEADER = "time_ns,source,destination,operation,address,bytes"
RAW_GBPS = 800  # raw rate of one direction
USEFUL = 240 / 256 * 0.99976  # of raw: slots and markers


def mix(x):
    """A fixed 64-bit hash (splitmix64), so that the files are the same wherever they are made."""
    mask = (1 << 64) - 1
    x = (x + 0x9E3779B97F4A7C15) & mask
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return x ^ (x >> 31)


def slots_ns(data_bytes, load):
    """Time of a message with its header slot at a share of the rate that fits."""
    return (data_bytes + 16) * 8 / (RAW_GBPS * USEFUL * load)


def allreduce_step():
    chunk, write = 32 * 1024, 2048
    rows = []
    for side, (source, destination) in enumerate((("west", "east"), ("east", "west"))):
        reduce_ns = 470 + 35 * side  # to add a chunk that came to one's own
        time = 100.0 + 60 * side
        for phase, base in enumerate((0x10_0000_0000, 0x20_0000_0000)):
            for number in range(8):
                address = base + (side << 20) + number * chunk
                for offset in range(0, chunk, write):
                    rows.append((time, source, destination, "write", address + offset, write))
                    time += slots_ns(write, 0.98)
                rows.append((time, source, destination, "atomic", 0x30_0000_0000 + side * 4096 + number * 64, 16))
                time += reduce_ns if phase == 0 else 40  # the all-gather only forwards
            time += 900
    return rows


def pooled_memory_read():
    rows = []
    time = 100.0
    for layer in range(8):
        start = time
        rows.append((start, "west", "east", "message", 0x40_0000_0000 + layer * 64, 64))
        rows.append((start + 320, "east", "west", "message", 0x50_0000_0000 + layer * 256, 256))
        time = start + 700
        for page in range(32):
            frame = mix(layer * 32 + page) % (1 << 24)  # 64 GiB of pages
            for part in range(4):
                rows.append((time, "west", "east", "read", 0x60_0000_0000 + frame * 4096 + part * 1024, 1024))
                time += slots_ns(1024, 0.90)
        for head in range(4):
            rows.append((time, "west", "east", "write", 0x70_0000_0000 + layer * 4096 + head * 512, 512))
        time += 450  # attention of this layer
    return rows


def text(rows):
    lines = [f"{time:.2f},{source},{destination},{operation},{address:#x},{size}"
             for time, source, destination, operation, address, size in sorted(rows, key=lambda row: row[0])]
    return "\n".join([HEADER, *lines]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where to write the CSV files")
    folder = parser.parse_args().folder
    for name, rows in (("allreduce_step", allreduce_step()), ("pooled_memory_read", pooled_memory_read())):
        (folder / f"{name}.csv").write_text(text(rows), encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
