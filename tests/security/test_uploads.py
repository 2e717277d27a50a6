"""Files that say they are something else, hide words or are never looked at by the scanner."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.pupil_identifiers import scan
from resources_repo.uploads import UnacceptableFile, judge_upload

NHS = "9434765919"


def office(extension: str, **parts: str) -> SimpleUploadedFile:
    """Build an Office file whose parts are given by name, with __ for / and _ for a dot."""
    folder = {"docx": "word", "pptx": "ppt", "xlsx": "xl"}[extension]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<a>Words</a>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return SimpleUploadedFile(f"plan.{extension}", out.getvalue())


@pytest.mark.parametrize(
    ("extension", "part"),
    [
        ("docx", "word__endnotes_xml"),
        ("docx", "word__diagrams__data1_xml"),
        ("docx", "docProps__core_xml"),
        ("pptx", "ppt__comments__comment1_xml"),
        ("pptx", "ppt__charts__chart1_xml"),
        ("xlsx", "xl__comments1_xml"),
        ("xlsx", "xl__threadedComments__threadedComment1_xml"),
    ],
)
def test_a_childs_number_is_found_wherever_a_reader_finds_it(extension, part):
    accepted = judge_upload(office(extension, **{part: f"<a><b>NHS {NHS}</b></a>"}))

    assert any(finding.must_hold for finding in scan(accepted.text))


@pytest.mark.parametrize("part", ["word__embeddings__a_exe", "word__chunk_html", "word__x_hta"])
def test_a_program_inside_a_document_is_refused(part):
    with pytest.raises(UnacceptableFile, match="holds a program"):
        judge_upload(office("docx", **{part: "MZ"}))


def test_an_archive_behind_something_else_is_refused():
    upload = office("docx")

    with pytest.raises(UnacceptableFile, match="holds something else"):
        judge_upload(SimpleUploadedFile("plan.docx", b"MZ" + upload.read()))


def test_script_under_an_escaped_name_is_refused():
    with pytest.raises(UnacceptableFile, match="scripts"):
        judge_upload(SimpleUploadedFile("a.pdf", b"%PDF-1.4\n<< /S /J#61vaScript /J#53 (x) >>"))


class _Clamd(socketserver.BaseRequestHandler):
    """Answers like clamd's INSTREAM: infected when the stream holds the word VIRUS."""

    def handle(self) -> None:
        stream = self.request.makefile("rb")
        stream.read(len(b"zINSTREAM\0"))
        held = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            held += stream.read(size)
        self.request.sendall(b"stream: " + (b"Bad FOUND\0" if b"VIRUS" in held else b"OK\0"))


@pytest.fixture
def clamd(settings):
    """A scanner that answers, as the settings know it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SCANNER = "clamd"
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


def test_what_the_scanner_finds_is_not_kept(clamd):
    assert judge_upload(SimpleUploadedFile("a.txt", b"Words")).text == "Words"
    with pytest.raises(UnacceptableFile, match="malicious"):
        judge_upload(SimpleUploadedFile("a.txt", b"A VIRUS in words"))


def test_nothing_is_taken_in_while_the_scanner_is_away(settings):
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", "127.0.0.1:1"

    with pytest.raises(UnacceptableFile, match="does not answer"):
        judge_upload(SimpleUploadedFile("a.txt", b"Words"))
