"""A zip archive that somebody else made, read without believing a word it says about itself.

Python's zipfile trusts the central directory: overlapping entries let 15 KB unpack to 1 GB. So the
directory is checked here against the local headers, and every byte is inflated and counted by us.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
END_RECORD = struct.Struct("<4s4H2IH")
LOCAL_SIGNATURE = b"PK\x03\x04"
END_SIGNATURE = b"PK\x05\x06"
ENCRYPTED = 0x1
SIZES_FOLLOW = 0x8
UNKNOWN_32 = 0xFFFFFFFF
CHUNK = 64 * 1024


class UnsafeArchive(Exception):
    """The archive is refused; `reasons` are sentences for the person who uploaded it."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Limits:
    """How large an archive may be. Bytes, except for counts and ratios."""

    archive: int = 500 * 1024 * 1024
    files: int = 10_000
    one_file: int = 300 * 1024 * 1024
    all_files: int = 1024 * 1024 * 1024
    ratio: int = 100
    ratio_from: int = 1024 * 1024
    path: int = 400
    depth: int = 25


@dataclass(frozen=True)
class Entry:
    """One file of the archive: where its bytes are and what they should come to."""

    name: str
    size: int
    packed: int
    crc: int
    stored: bool
    header_at: int
    data_at: int = 0
    twin_of: str = ""


@dataclass
class Archive:
    """An open archive whose directory has been checked. Iterate `entries`; read bytes with
    `stream`.
    """

    file: BinaryIO
    limits: Limits
    entries: list[Entry] = field(default_factory=list)

    def named(self, name: str) -> Entry | None:
        """Return the entry of exactly that name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries if not entry.twin_of}

    @property
    def size(self) -> int:
        """Return the unpacked size of everything, in bytes."""
        return sum(entry.size for entry in self.entries)

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield the bytes of an entry in chunks; raise UnsafeArchive where size or checksum were a
        lie.
        """
        self.file.seek(entry.data_at)
        left, seen, crc = entry.packed, 0, 0
        inflater = None if entry.stored else zlib.decompressobj(-zlib.MAX_WBITS)
        while left or (inflater and inflater.unconsumed_tail):
            if inflater and inflater.unconsumed_tail:
                packed = inflater.unconsumed_tail
            else:
                packed = self.file.read(min(CHUNK, left))
                left -= len(packed)
                if not packed:
                    raise UnsafeArchive(f"The file ends in the middle of {entry.name}.")
            try:
                chunk = inflater.decompress(packed, CHUNK) if inflater else packed
            except zlib.error as error:
                raise UnsafeArchive(f"{entry.name} is damaged and cannot be unpacked.") from error
            seen += len(chunk)
            if seen > entry.size:
                raise UnsafeArchive(f"{entry.name} is larger than the archive says.")
            crc = zlib.crc32(chunk, crc)
            if chunk:
                yield chunk
            if inflater and inflater.eof:
                if inflater.unused_data or left:
                    raise UnsafeArchive(f"There is something hidden behind {entry.name}.")
                break
        if seen != entry.size or crc != entry.crc or (inflater and not inflater.eof):
            raise UnsafeArchive(f"{entry.name} is not what the archive says it is.")

    def read(self, entry: Entry, *, at_most: int = 16 * 1024 * 1024) -> bytes:
        """Return an entry's bytes; raise UnsafeArchive above `at_most` bytes."""
        if entry.size > at_most:
            raise UnsafeArchive(f"{entry.name} is too large to be read.")
        return b"".join(self.stream(entry))

    def digest(self, entry: Entry) -> str:
        """Return the SHA-256 of an entry's bytes, in hex."""
        sha = hashlib.sha256()
        for chunk in self.stream(entry):
            sha.update(chunk)
        return sha.hexdigest()


def open_archive(file: BinaryIO, limits: Limits | None = None) -> Archive:
    """Open a zip file after checking its whole directory; raise UnsafeArchive with every reason
    found.
    """
    limits = limits or Limits()
    directory_at = _check_frame(file, limits)
    try:
        file.seek(0)
        listed = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
        raise UnsafeArchive("The file is not a zip archive that can be read.") from error
    if len(listed) > limits.files:
        raise UnsafeArchive(f"The archive has {len(listed):,} files; {limits.files:,} are allowed.")
    reasons: list[str] = []
    archive = Archive(file=file, limits=limits)
    for info in listed:
        reasons += _name_faults(info.orig_filename, limits)
        reasons += _entry_faults(info, limits)
    if sum(info.file_size for info in listed) > limits.all_files:
        reasons.append("The archive would unpack to more than is allowed.")
    if reasons:
        raise UnsafeArchive(*_few(reasons))
    located = [_locate(file, info) for info in listed]
    _check_overlap(located, directory_at)
    archive.entries = [entry for entry in located if not entry.name.endswith("/")]
    _check_twins(archive, [entry.name for entry in located if entry.name.endswith("/")])
    return archive


def _check_frame(file: BinaryIO, limits: Limits) -> int:
    """Return where the central directory begins; refuse polyglots, trailing bytes and huge
    directories.
    """
    size = file.seek(0, 2)
    if size > limits.archive:
        raise UnsafeArchive(
            f"The file is {size // 2**20} MB; {limits.archive // 2**20} MB are allowed."
        )
    file.seek(0)
    if file.read(4) != LOCAL_SIGNATURE:
        raise UnsafeArchive("The file is not a zip archive.")
    tail_at = max(0, size - END_RECORD.size - 0xFFFF)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(END_SIGNATURE)
    if at < 0 or len(tail) - at < END_RECORD.size:
        raise UnsafeArchive("The file is cut short: its list of contents is missing.")
    _, disk, start_disk, here, count, length, offset, comment = END_RECORD.unpack_from(tail, at)
    if tail_at + at + END_RECORD.size + comment != size:
        raise UnsafeArchive("There is something hidden behind the end of the archive.")
    if UNKNOWN_32 in (length, offset) or count == 0xFFFF:
        raise UnsafeArchive(f"The archive has too many files; {limits.files:,} are allowed.")
    if disk or start_disk or here != count:
        raise UnsafeArchive("The archive is one part of several. Upload it as one file.")
    if count > limits.files or length > limits.files * (46 + limits.path):
        raise UnsafeArchive(f"The archive has {count:,} files; {limits.files:,} are allowed.")
    if offset + length != tail_at + at:
        raise UnsafeArchive("The archive's list of contents is not where it should be.")
    return int(offset)


def _name_faults(name: str, limits: Limits) -> list[str]:
    """Say what is wrong with a path, in words that do not repeat its control characters."""
    shown = "".join(c if c.isprintable() else "?" for c in name)[:80]
    path = name.removesuffix("/")
    parts = path.split("/")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in name):
        return [f"The name “{shown}” contains control characters."]
    if path.startswith("/") or "\\" in path or ":" in parts[0][:2]:
        return [f"The path “{shown}” is absolute or written for another system."]
    if ".." in parts or "." in parts or "" in parts:
        return [f"The path “{shown}” leads outside the archive or is not plain."]
    if len(path) > limits.path or len(parts) > limits.depth:
        return [f"The path “{shown}” is too long."]
    if any(c in path for c in '<>:"|?*') or any(p.endswith((".", " ")) for p in parts):
        return [f"The name “{shown}” contains characters that are not allowed."]
    if any(len(part.encode()) > 200 for part in parts):
        return [f"The name “{shown}” is too long."]
    return []


def _entry_faults(info: zipfile.ZipInfo, limits: Limits) -> list[str]:
    shown = info.filename[:80]
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & ENCRYPTED:
        return [f"{shown} is encrypted. Upload the archive without a password."]
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return [f"{shown} is a link or a special file."]
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return [f"{shown} is packed by a method that is not allowed."]
    if info.file_size > limits.one_file:
        return [f"{shown} would unpack to more than is allowed."]
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * info.compress_size:
        return [f"{shown} unpacks to more than {limits.ratio} times its size."]
    if info.is_dir() and info.file_size:
        return [f"{shown} is a folder with content."]
    return []


def _locate(file: BinaryIO, info: zipfile.ZipInfo) -> Entry:
    """Read the local header and hold it against the central directory."""
    file.seek(info.header_offset)
    raw = file.read(LOCAL_HEADER.size)
    if len(raw) < LOCAL_HEADER.size or not raw.startswith(LOCAL_SIGNATURE):
        raise UnsafeArchive(f"{info.filename} is not where the archive says it is.")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra = LOCAL_HEADER.unpack(raw)
    name = file.read(name_length)
    listed = info.orig_filename.encode("utf-8" if flags & 0x800 else "cp437", "replace")
    agrees = name == listed and method == info.compress_type and not flags & ENCRYPTED
    if not flags & SIZES_FOLLOW:
        agrees = agrees and (crc, packed, size) == (info.CRC, info.compress_size, info.file_size)
    if not agrees:
        raise UnsafeArchive(f"{info.filename} contradicts the archive's own list of contents.")
    return Entry(
        name=info.orig_filename,
        size=info.file_size,
        packed=info.compress_size,
        crc=info.CRC,
        stored=method == zipfile.ZIP_STORED,
        header_at=info.header_offset,
        data_at=info.header_offset + LOCAL_HEADER.size + name_length + extra,
    )


def _check_overlap(entries: list[Entry], directory_at: int) -> None:
    """Refuse entries that share bytes with each other or the directory (the zip bomb of 2019)."""
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_at):
        if entry.header_at < end:
            raise UnsafeArchive("Entries of the archive overlap, as in a zip bomb.")
        end = entry.data_at + entry.packed
    if end > directory_at:
        raise UnsafeArchive("Entries of the archive overlap its list of contents.")


def twin_key(name: str) -> str:
    """Return the form under which a careless file system would confuse two names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())


def _check_twins(archive: Archive, folders: list[str]) -> None:
    """Refuse names that differ by case or Unicode form; tolerate the same name twice with the same
    bytes.
    """
    seen: dict[str, str] = {}
    files: dict[str, int] = {}
    for position, entry in enumerate(archive.entries):
        for parent in [*PurePosixPath(entry.name).parents][:-1]:
            _refuse_twin(seen, str(parent))
        _refuse_twin(seen, entry.name)
        if entry.name in files:
            first = archive.entries[files[entry.name]]
            if archive.digest(first) != archive.digest(entry):
                raise UnsafeArchive(
                    f"{entry.name} is in the archive twice, with different content."
                )
            archive.entries[position] = Entry(**{**entry.__dict__, "twin_of": entry.name})
        else:
            files[entry.name] = position
    parents = {str(p) for name in files for p in PurePosixPath(name).parents}
    parents |= {folder.removesuffix("/") for folder in folders}
    if clash := parents & files.keys():
        raise UnsafeArchive(f"{min(clash)} is both a file and a folder.")


def _refuse_twin(seen: dict[str, str], name: str) -> None:
    known = seen.setdefault(twin_key(name), name)
    if known != name:
        raise UnsafeArchive(
            f"“{known}” and “{name}” differ only by case or by how letters are written."
        )


def _few(reasons: list[str], most: int = 10) -> list[str]:
    unique = list(dict.fromkeys(reasons))
    more = len(unique) - most
    return unique[:most] + ([f"And {more:,} more faults like these."] if more > 0 else [])
