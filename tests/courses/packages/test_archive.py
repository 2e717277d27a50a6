"""Hostile archives: each is refused with a reason, and none makes us read more than it may."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

import pytest

from courses.packages.archive import Limits, UnsafeArchive, open_archive
from tests.factories.packages import zip_file


def reasons_of(file: io.BytesIO, limits: Limits | None = None) -> str:
    """Open and read everything; return why it was refused."""
    with pytest.raises(UnsafeArchive) as refused:
        read_all(file, limits)
    return str(refused.value)


def read_all(file: io.BytesIO, limits: Limits | None) -> None:
    """Open an archive and read every byte of it."""
    archive = open_archive(file, limits)
    for entry in archive.entries:
        for _ in archive.stream(entry):
            pass


def test_reads_back_what_an_honest_archive_holds():
    big = bytes(range(256)) * 1000
    archive = open_archive(zip_file({"a/b.txt": b"hello", "c.bin": big, "empty.txt": b""}))

    read = {entry.name: archive.read(entry) for entry in archive.entries}

    assert read == {"a/b.txt": b"hello", "c.bin": big, "empty.txt": b""}
    assert archive.size == 5 + len(big)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../evil.js", "leads outside"),
        ("a/../../evil.js", "leads outside"),
        ("content/./x.js", "leads outside"),
        ("content//x.js", "leads outside"),
        ("/etc/passwd", "absolute"),
        ("C:/windows/x", "absolute"),
        ("..\\evil.js", "absolute"),
        ("content/new\nline.js", "control characters"),
        ("content/\u202egpj.js", "control characters"),
        ("content/<b>.js", "not allowed"),
        ("content/trailing. /x.js", "not allowed"),
        ("/".join(["deep"] * 40), "too long"),
        ("x" * 300, "too long"),
    ],
)
def test_refuses_paths_that_lead_elsewhere(name, says):
    assert says in reasons_of(zip_file({"ok.txt": b"", name: b"x"}))


def test_refuses_a_name_that_goes_on_behind_a_nul():
    raw = zip_file({"ok.txt": b"1", "x.txtZevil.js": b"x"}).getvalue()

    assert "control characters" in reasons_of(io.BytesIO(raw.replace(b"x.txtZ", b"x.txt\0")))


def test_refuses_symbolic_links_and_devices():
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            info = zipfile.ZipInfo("link")
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")

        assert "link or a special file" in reasons_of(target)


def overlapping_bomb(copies: int = 20) -> io.BytesIO:
    """Build a zip whose entries share one compressed kernel, as in the zip bomb of 2019."""
    kernel = b"\0" * 500_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(kernel) + packer.flush()
    crc = zlib.crc32(kernel)
    name = b"a.txt"
    local = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), len(kernel), 5, 0
    )
    body = local + name + packed
    directory = b"".join(
        struct.pack("<4s6H3I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), len(kernel))
        + struct.pack("<5H2I", 5, 0, 0, 0, 0, 0, 0)
        + name
        for _ in range(copies)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, copies, copies, len(directory), len(body), 0)
    return io.BytesIO(body + directory + end)


def test_refuses_entries_that_overlap():
    assert "overlap" in reasons_of(overlapping_bomb())


def test_refuses_entries_that_reach_into_the_directory():
    raw = bytearray(zip_file({"a.txt": b"x" * 40}).getvalue())
    at = raw.rfind(b"PK\x01\x02")
    packed = struct.unpack_from("<I", raw, at + 20)[0]
    for offset in (at + 20, raw.find(b"PK\x03\x04") + 18):
        struct.pack_into("<I", raw, offset, packed + 500)

    assert "overlap" in reasons_of(io.BytesIO(bytes(raw)))


def test_refuses_a_ratio_no_honest_file_has():
    assert "100 times" in reasons_of(zip_file({"zeros.json": b"\0" * 3_000_000}))


def test_refuses_more_than_may_be_unpacked():
    limits = Limits(one_file=1000, all_files=1500)

    assert "more than is allowed" in reasons_of(zip_file({"a": b"ab" * 600}), limits)
    assert "more than is allowed" in reasons_of(
        zip_file({name: name.encode() * 900 for name in "ab"}), limits
    )


def test_refuses_200_000_files_before_reading_their_names():
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 4, 4, 0)
    assert "too many files" in reasons_of(io.BytesIO(b"PK\x03\x04" + b"PK\x01\x02" + end))

    many = zip_file((f"{number}.txt", b"") for number in range(300))
    assert "300 files" in reasons_of(many, Limits(files=200))


@pytest.mark.parametrize(
    ("one", "other"),
    [("content/A.json", "content/a.json"), ("Content/x", "content/y"), ("caf\u00e9", "cafe\u0301"),
     ("stra\u00dfe", "strasse"), ("\ufb01le", "file")],
)  # fmt: skip
def test_refuses_twins_by_case_or_unicode_form(one, other):
    assert "differ only by case" in reasons_of(zip_file({one: b"1", other: b"2"}))


def test_tolerates_the_same_file_twice_and_refuses_the_same_name_with_other_bytes():
    with pytest.warns(UserWarning, match="Duplicate"):
        same = zip_file([("a.txt", b"one"), ("a.txt", b"one")])
    with pytest.warns(UserWarning, match="Duplicate"):
        other = zip_file([("a.txt", b"one"), ("a.txt", b"two")])

    assert [entry.twin_of for entry in open_archive(same).entries] == ["", "a.txt"]
    assert "twice, with different content" in reasons_of(other)


def test_refuses_a_name_that_is_both_file_and_folder():
    assert "both a file and a folder" in reasons_of(zip_file({"a": b"1", "a/b": b"2"}))


def test_refuses_encryption():
    raw = bytearray(zip_file({"a.txt": b"secret"}).getvalue())
    raw[raw.find(b"PK\x01\x02") + 8] |= 1

    assert "encrypted" in reasons_of(io.BytesIO(bytes(raw)))


def test_refuses_sizes_that_lie():
    content = b"a line of text\n" * 5000
    raw = bytearray(zip_file({"a.txt": content}).getvalue())
    for header, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", raw, raw.find(header) + offset, 100)

    assert "larger than the archive says" in reasons_of(io.BytesIO(bytes(raw)))


def test_refuses_a_local_header_that_contradicts_the_directory():
    raw = zip_file({"good.txt": b"x"}).getvalue()
    at = raw.find(b"good.txt")
    forged = raw[:at] + b"evil.php" + raw[at + 8 :]

    assert "contradicts" in reasons_of(io.BytesIO(forged))


def test_refuses_something_hidden_before_between_or_behind():
    raw = zip_file({"a.txt": b"x"}).getvalue()

    assert "not a zip archive" in reasons_of(io.BytesIO(b"GIF89a" + raw))
    assert "hidden behind the end" in reasons_of(io.BytesIO(raw + b"<script>"))


def test_refuses_damage_truncation_and_other_packing():
    raw = bytearray(zip_file({"a.txt": b"hello world " * 50}).getvalue())
    raw[45] ^= 0xFF
    assert reasons_of(io.BytesIO(bytes(raw)))
    assert "cut short" in reasons_of(io.BytesIO(bytes(raw[:60])))
    assert "not a zip" in reasons_of(io.BytesIO(b""))

    lzma = io.BytesIO()
    with zipfile.ZipFile(lzma, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "x" * 100)
    assert "packed by a method" in reasons_of(lzma)
