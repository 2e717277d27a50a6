"""What the inspection says of whole packages: honest ones, sloppy ones and hostile ones."""

from __future__ import annotations

import json

import pytest

from courses.packages.inspection import as_text, inspect
from courses.packages.report import Kind, LibraryName, Verdict
from h5p.build import build_lesson, lesson_names
from tests.factories.packages import (
    SCRIPT,
    dependency,
    h5p_file,
    h5p_files,
    library_json,
    scorm_files,
    zip_file,
)

NEWER = {"majorVersion": 1, "minorVersion": 99}
OUTSIDE = {"machineName": "../x"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def refusal(files):
    """Inspect files that must be refused and return the reasons as one text."""
    report = inspect(zip_file(files))
    assert report.verdict is Verdict.REFUSE
    assert not report.plan
    return " ".join(report.reasons)


def test_accepts_a_proper_package_and_says_what_it_is():
    report = inspect(h5p_file(title="Sharing information"))

    assert report.accepted
    assert report.playable
    assert (report.kind, report.title, report.licence) == (
        Kind.H5P,
        "Sharing information",
        "CC BY 4.0",
    )
    assert report.main_library == LibraryName("H5P.Tiny", 1, 0)
    assert report.needs == (LibraryName("H5P.Tiny", 1, 0),)
    assert {(f.group, f.path) for f in report.plan} == {
        ("content", "content.json"),
        ("H5P.Tiny-1.0", "library.json"),
        ("H5P.Tiny-1.0", "tiny.js"),
    }
    assert json.dumps(report.as_json())
    assert as_text(report).startswith("ACCEPT  h5p  Sharing information")


def test_the_tree_hash_of_a_library_depends_on_its_bytes_and_on_nothing_else():
    files = h5p_files()
    first = inspect(zip_file(files)).libraries[0].tree_sha256
    reordered = inspect(zip_file(dict(reversed(files.items())))).libraries[0].tree_sha256
    changed = inspect(h5p_file(script=SCRIPT + b"//")).libraries[0].tree_sha256

    assert first == reordered != changed


def test_loads_dependencies_before_what_needs_them():
    files = h5p_files(needs=[dependency("FontAwesome", 4, 5)])
    files["H5P.Tiny-1.0/library.json"] = library_json(
        preloadedDependencies=[dependency("H5P.Question", 1, 5)]
    )
    files["H5P.Question-1.5/library.json"] = library_json(
        "H5P.Question", minorVersion=5, runnable=0
    )
    files["H5P.Question-1.5/tiny.js"] = SCRIPT
    files["FontAwesome-4.5/library.json"] = library_json(
        "FontAwesome", majorVersion=4, minorVersion=5, preloadedJs=[]
    )

    report = inspect(zip_file(files))

    assert [str(name) for name in report.needs] == [
        "H5P.Question 1.5",
        "H5P.Tiny 1.0",
        "FontAwesome 4.5",
    ]


def test_names_missing_libraries_and_finds_them_in_the_pool():
    content = {"parts": [{"library": "H5P.Image 1.1", "params": {"file": {}, "decorative": True}}]}
    file = h5p_file(content=content)

    alone = inspect(file)
    helped = inspect(file, pool={LibraryName("H5P.Image", 1, 1): []})

    assert alone.accepted
    assert not alone.playable
    assert [str(name) for name in alone.missing] == ["H5P.Image 1.1"]
    assert helped.playable


def test_leaves_out_what_only_an_editor_needs():
    files = h5p_files(needs=[dependency("H5PEditor.ShowWhen")])
    files["H5PEditor.ShowWhen-1.0/library.json"] = library_json("H5PEditor.ShowWhen")
    files["H5PEditor.ShowWhen-1.0/tiny.js"] = SCRIPT

    report = inspect(zip_file(files))

    assert [library.name.machine_name for library in report.libraries] == ["H5P.Tiny"]
    assert "Libraries that only an editor needs are left out: 1." in report.notes


def test_drops_flash_clutter_and_files_without_extension_inside_libraries():
    files = h5p_files() | {
        "H5P.Tiny-1.0/old.swf": b"FWS",
        "H5P.Tiny-1.0/LICENSE": b"MIT",
        "__MACOSX/._h5p.json": b"\0",
        "content/.DS_Store": b"\0",
    }

    report = inspect(zip_file(files))

    assert report.accepted
    assert {f.path for f in report.plan} == {"content.json", "library.json", "tiny.js"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"content/page.html": b"<h1>"}, "kind that is not allowed"),
        ({"content/run.php": b"<?php"}, "kind that is not allowed"),
        ({"content/film.swf": b"FWS"}, "kind that is not allowed"),
        ({"content/code.js": b"1"}, "kind that is not allowed"),
        ({"content/images/a.png": b"<html><script>1</script>"}, "web page under another name"),
        ({"content/images/a.jpg": b"MZ\x90\0 a program"}, "not a picture"),
        ({"content/notes.txt": b"\n<!DOCTYPE html><p>"}, "web page under another name"),
        ({"content/a.docx": b"PK\x03\x04 word/vbaProject.bin"}, "contains macros"),
        ({"content/a.svg": b"<svg xmlns='x'><script>1</script></svg>"}, "contains <script>"),
        ({"content/a.svg": b"<svg onload='x()'/>"}, "drawing with a script"),
        ({"content/a.svg": b"<svg><a href=' java\nscript:x()'/></svg>"}, "links to a script"),
        ({"content/a.svg": b"<svg><foreignObject/></svg>"}, "contains <foreignobject>"),
        (
            {"content/a.svg": b"<!DOCTYPE s [<!ENTITY a 'b'>]><svg>&a;</svg>"},
            "declares XML entities",
        ),
        ({"content/content.json": b"{"}, "not valid JSON"),
        ({"content/content.json": b"[" * 100_000}, "not valid JSON"),
        ({"content/content.json": b"[1]"}, "not an object"),
        ({"h5p.json": b"[]"}, "h5p.json is not an object"),
        ({"Stray/thing.js": b"1"}, "has no library.json"),
        ({"H5P.Tiny-1.0/library.json": b"{}"}, "no proper machine name"),
        ({"H5P.Tiny-1.0/library.json": library_json(minorVersion=7)}, "which is another name"),
        ({"H5P.Tiny-1.0/library.json": library_json(runnable=0)}, "cannot run by itself"),
        ({"H5P.Tiny-1.0/library.json": library_json(title="")}, "has no title"),
        ({"H5P.Tiny-1.0/library.json": library_json(patchVersion="x")}, "no patch version"),
        (
            {"H5P.Tiny-1.0/library.json": library_json(coreApi=NEWER)},
            "needs a newer H5P player",
        ),
        (
            {"H5P.Tiny-1.0/library.json": library_json(preloadedJs=[{"path": "../../x.js"}])},
            "files that cannot be read",
        ),
        (
            {"H5P.Tiny-1.0/library.json": library_json(preloadedJs=[{"path": "gone.js"}])},
            "lacks gone.js",
        ),
        (
            {"H5P.Tiny-1.0/library.json": library_json(preloadedDependencies=[OUTSIDE])},
            "dependencies that cannot be read",
        ),
    ],
)  # fmt: skip
def test_refuses_files_and_manifests_that_are_not_what_they_should_be(changes, says):
    assert says in refusal(h5p_files() | changes)


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ({"title": ""}, "no title"),
        ({"title": 7}, "no title"),
        ({"mainLibrary": "../evil"}, "does not name its main library"),
        ({"mainLibrary": "H5P.Other"}, "does not list its main library"),
        ({"language": "<b>"}, "no language code"),
        ({"embedTypes": ["window"]}, "unknown way of embedding"),
        ({"preloadedDependencies": {}}, "does not list the libraries"),
        ({"preloadedDependencies": [{"machineName": "H5P.Tiny"}]}, "does not list the libraries"),
    ],
)
def test_holds_h5p_json_against_the_specification(manifest, says):
    assert says in refusal(h5p_files(manifest=manifest))


def test_a_refusal_gives_every_reason_but_not_hundreds():
    files = h5p_files() | {f"content/{number}.exe": b"MZ" for number in range(50)}

    report = inspect(zip_file(files))

    assert len(report.reasons) == 13
    assert report.reasons[-1] == "And 38 more faults."


def test_notes_what_a_learner_with_a_screen_reader_or_without_sound_would_miss():
    content = {
        "parts": [
            {"library": "H5P.Image 1.1", "params": {"file": {"path": "a.png"}}},
            {"library": "H5P.Image 1.1", "params": {"file": {"path": "a.png"}, "alt": "A door"}},
            {
                "library": "H5P.Video 1.6",
                "params": {"sources": [{"path": "https://films.example/a"}]},
            },
        ]
    }

    report = inspect(h5p_file(content=content))

    assert report.accessibility == ("1 picture has no text alternative.", "1 film has no captions.")
    assert any("films.example" in note for note in report.notes)


def test_accepts_pictures_that_are_pictures():
    assert inspect(zip_file(h5p_files() | {"content/images/a.png": PNG})).accepted


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("1.2", Kind.SCORM_12),
        ("2004 4th Edition", Kind.SCORM_2004),
        ("CAM 1.3", Kind.SCORM_2004),
    ],
)  # fmt: skip
def test_reads_scorm_manifests(version, kind):
    report = inspect(zip_file(scorm_files(version=version, href="index.html?unit=1")))

    (unit,) = report.units
    assert (report.kind, report.title) == (kind, "Fire safety")
    assert (unit.title, unit.path, unit.query) == ("Unit", "index.html", "?unit=1")
    assert report.accepted


def test_reads_every_unit_with_what_it_is_told_at_its_start():
    files = scorm_files(href="index.html?a=1#here")
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(
        b'identifierref="r"><title>Unit</title>',
        b'identifierref="r" parameters="&amp;b=2"><title> First\n unit </title>'
        b"<adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>go=1</adlcp:datafromlms>"
        b'</item><item identifier="j" identifierref="r"><title></title>',
    )

    first, second = inspect(zip_file(files)).units

    assert (first.title, first.query) == ("First unit", "?a=1&b=2#here")
    assert (first.mastery, first.launch_data, first.is_asset) == (80.0, "go=1", False)
    assert (second.key, second.title, second.query) == ("u2", "Unit 2", "?a=1#here")


def test_refuses_a_manifest_of_endless_units():
    files = scorm_files()
    item = b'<item identifier="i" identifierref="r"><title>Unit</title></item>'
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(item, item * 201)

    assert "more than 200 units" in refusal(files)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "java\tscript:alert(1)", "//evil.example/x", "https://evil.example/",
     "/etc/passwd", "../outside.html", "%2e%2e/outside.html", "\\\\evil\\x", "gone.html", ""],
)  # fmt: skip
def test_refuses_scorm_launch_paths_that_lead_elsewhere(href):
    files = scorm_files(href=href.replace("\t", "&#9;"))

    assert "start" in refusal(files)


def test_refuses_scorm_manifests_with_entities():
    files = scorm_files()
    files["imsmanifest.xml"] = (
        b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest>&x;</manifest>'
    )

    assert "declares XML entities" in refusal(files)


def test_says_plainly_what_is_no_package():
    assert "no h5p.json" in refusal({"readme.txt": b"hello"})
    assert "inside a folder" in refusal({"course/h5p.json": b"{}"})
    assert "cmi5" in refusal({"cmi5.xml": b"<x/>"})


@pytest.mark.parametrize("name", lesson_names())
def test_our_own_lessons_pass_and_are_built_from_the_same_bytes_every_time(name, tmp_path):
    first = build_lesson(name, tmp_path / "one").read_bytes()
    second = build_lesson(name, tmp_path / "two").read_bytes()

    with open(tmp_path / "one" / f"{name}.h5p", "rb") as file:
        report = inspect(file)

    assert first == second
    assert report.playable
    assert report.licence == "CC BY 4.0"
    assert report.known_max is not None
    assert report.known_max >= 4
