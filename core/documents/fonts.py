"""The house font as typst can read it: WOFF files of the installed package, unpacked to TrueType.

WOFF 1.0 (W3C Recommendation, 13 December 2012) is a table directory with zlib-compressed tables.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_SIGNATURE = b"wOFF"


class NotWoff(ValueError):
    """The file is not WOFF 1.0."""


def unpack_woff(data: bytes, rename: tuple[str, str] | None = None) -> bytes:
    """Return the TrueType or OpenType font inside a WOFF 1.0 file; raises NotWoff.

    `rename` replaces a word of the font's names by another of the same length.
    """
    if data[:4] != _SIGNATURE:
        raise NotWoff
    flavour, _, count = struct.unpack(">4sIH", data[4:14])
    entries = [struct.unpack(">4sIIII", data[44 + 20 * n : 64 + 20 * n]) for n in range(count)]
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">4sHHHH", flavour, count, power * 16, power.bit_length() - 1, count * 16 - power * 16
    )
    directory, body = b"", b""
    start = 12 + 16 * count
    for tag, offset, packed, length, told in sorted(entries):
        checksum = told
        table = data[offset : offset + packed]
        if packed < length:
            table = zlib.decompress(table, bufsize=length)
        if tag == b"name" and rename is not None:
            table, checksum = _renamed(table, *rename)
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), length)
        body += table + b"\0" * (-length % 4)
    return header + directory + body


def _renamed(table: bytes, old: str, new: str) -> tuple[bytes, int]:
    assert len(old) == len(new)
    table = table.replace(old.encode("utf-16-be"), new.encode("utf-16-be"))
    padded = table + b"\0" * (-len(table) % 4)
    return table, sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF


def font_folder(source: Path, target: Path) -> Path | None:
    """Unpack the house fonts of `source` into `target` once; return it, or None without source."""
    wanted = [
        f"atkinson-hyperlegible-next-{subset}-{weight}-normal"
        for subset in ("latin", "latin-ext")
        for weight in (400, 700)
    ]
    if not all((source / f"{name}.woff").is_file() for name in wanted):
        return None
    target.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        out = target / f"{name}.ttf"
        if not out.exists():
            part = out.with_suffix(".part")
            # Two subsets under one name hide each other: the second is found by a name of its own.
            rename = ("Next", "More") if "latin-ext" in name else None
            part.write_bytes(unpack_woff((source / f"{name}.woff").read_bytes(), rename))
            part.replace(out)
    return target
