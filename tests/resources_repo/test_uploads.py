"""Hostile files: refused with words that say what to do, and never kept."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from resources_repo.uploads import MOST_BYTES, UnacceptableFile, judge_name, judge_upload
from tests.factories.resources_repo import office_file

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"


def judged(name: str, content: bytes):
    return judge_upload(SimpleUploadedFile(name, content))


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", PDF),
        ("plan.txt", "Café, naïve – done".encode()),
        ("plan.csv", "Schritt;Ziel\n1;klein".encode("cp1252")),
        ("plan.txt", "Steps".encode("utf-16")),
    ],
)
def test_honest_files_are_taken(name, content) -> None:
    assert judged(name, content).content == content


def test_the_words_of_a_word_file_are_read() -> None:
    assert "Small steps" in judge_upload(office_file()).text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<!DOCTYPE html><html></html>"),
        ("page.txt", b"\xef\xbb\xbf  <html><body>hello</body></html>"),
        ("picture.csv", b"<svg onload=alert(1)>"),
        ("words.txt", b"First line\n<script>alert(1)</script>"),
        ("sheet.txt", PDF),
        ("sheet.pdf", b"MZ\x90\x00 not a pdf"),
        ("late.pdf", b"<html>%PDF-1.7"),
        ("plan.docx", PDF),
        ("plan.docx", zipped(readme=b"only a zip")),
        ("plan.odt", zipped(mimetype=b"application/zip")),
        ("plan.docx", b"PK\x03\x04 broken"),
        ("binary.txt", b"a\x00b"),
    ],
)
def test_another_kind_under_this_name_is_refused(name, content) -> None:
    with pytest.raises(UnacceptableFile, match="holds something else"):
        judged(name, content)


def test_macros_are_refused_by_name() -> None:
    with pytest.raises(UnacceptableFile, match="macros"):
        judge_upload(office_file(extra={"word/vbaProject.bin": b"x"}))


@pytest.mark.parametrize("word", [b"/JavaScript", b"/Launch", b"/EmbeddedFile"])
def test_active_pdfs_are_refused(word) -> None:
    with pytest.raises(UnacceptableFile, match="plain PDF"):
        judged("plan.pdf", PDF + b"\n<< " + word + b" (x) >>")


def test_entities_in_office_xml_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    content = zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": bomb})
    with pytest.raises(UnacceptableFile):
        judged("plan.docx", content)


def test_overlapping_entries_are_refused() -> None:
    content = bytearray(
        zipped(
            **{
                "[Content_Types].xml": b"<Types/>",
                "word/a.xml": b"<a/>" * 400,
                "word/b.xml": b"<b/>",
            }
        )
    )
    # Point the last directory entry at the first member's data.
    last = content.rfind(b"PK\x01\x02")
    content[last + 42 : last + 46] = (0).to_bytes(4, "little")
    with pytest.raises(UnacceptableFile):
        judged("plan.docx", bytes(content))


def test_an_archive_that_unpacks_to_too_much_is_refused() -> None:
    content = zipped(
        **{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a>" + b"0" * 130_000_000}
    )
    assert len(content) < 1_000_000
    with pytest.raises(UnacceptableFile, match="too much"):
        judged("plan.docx", content)


def test_a_known_test_virus_is_refused() -> None:
    signature = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    with pytest.raises(UnacceptableFile, match="malicious"):
        judged("notes.txt", signature)


def test_size_and_emptiness_are_said() -> None:
    with pytest.raises(UnacceptableFile, match="10 MB"):
        judged("big.txt", b"a" * (MOST_BYTES + 1))
    with pytest.raises(UnacceptableFile, match="empty"):
        judged("none.txt", b"")


@pytest.mark.parametrize(
    "name",
    [
        "plan.exe",
        "plan.html",
        "plan",
        ".pdf",
        "a<b>.pdf",
        "a\u202efdp.pdf",
        "a\nb.pdf",
        "plan.html.pdf",
        "plan.docm",
        "c:\\plan.pdf",
    ],
)
def test_dangerous_names_are_refused(name) -> None:
    with pytest.raises(UnacceptableFile):
        judge_name(name)
