"""What may come in as a list of staff, and what is refused whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from accounts.enums import JobRole
from accounts.staffing import cells
from accounts.staffing.cells import BadCell
from accounts.staffing.headings import recognise
from accounts.staffing.reading import CELL_LIMIT, UnreadableList, read_list
from accounts.staffing.titles import job_role_of
from tests.factories.staffing import as_csv, person

PLAIN = as_csv(person("Zoë", "Ström"), person("Tom", "Adeyemi"))


def names_in(content: str | bytes) -> list[str]:
    sheet = read_list(content)
    place = sheet.fields.index("given_name")
    return [row[place] for _, row in sheet.lines]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="pasted"),
        pytest.param(PLAIN.replace(",", "\t"), id="pasted from a spreadsheet"),
        pytest.param(PLAIN.encode(), id="UTF-8"),
        pytest.param(PLAIN.encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(PLAIN.encode("cp1252"), id="cp1252"),
        pytest.param(PLAIN.encode("utf-16"), id="UTF-16 with BOM"),
        pytest.param(PLAIN.encode("utf-16-le"), id="UTF-16 without BOM"),
        pytest.param(PLAIN.encode("utf-16-be"), id="UTF-16 big end first"),
        pytest.param(PLAIN.replace(",", ";").encode(), id="semicolons"),
        pytest.param(("sep=,\r\n" + PLAIN).encode(), id="Excel's sep line"),
        pytest.param("Otterford Primary\n\nStaff list\n" + PLAIN, id="titles above"),
        pytest.param(PLAIN.replace("\r\n", "\r"), id="line ends of old"),
    ],
)
def test_a_list_is_read_however_a_spreadsheet_saves_it(content):
    assert names_in(content) == ["Zoë", "Tom"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("   \n \n", "empty"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0old workbook", "workbook"),
        (PLAIN.replace("Tom", "T\x00om").encode(), "zero bytes"),
        (b"\x81\x8d\x8f" + PLAIN.encode("cp1252"), "encoding"),
        ("just some words\nand more", "headings"),
        (PLAIN.splitlines()[0] + "\n", "no rows"),
        ("Forename,Surname,Job title\nTom,Adeyemi,TA\n", "missing columns"),
        ("Email,Forename,Surname\na@b.example,Tom,Adeyemi\n", "missing columns"),
        ("Email,Email,Forename,Surname,Job title\na@b.example,,T,A,TA\n", "duplicate headings"),
        (PLAIN.replace("Surname", "e-mail"), "duplicate headings"),
        ("UPN,Forename,Surname,Email,Job title\nX,T,A,a@b.example,TA\n", "pupils"),
        ("Forename,Surname,Year Group,Email\nT,A,3,a@b.example\n", "pupils"),
        (as_csv(person(family="x" * 200_000)), "broken cell"),
        (as_csv(person(), person("Eve")).replace("Tom", '"Tom') + "\n" * 9, "open quotation"),
        (b"x" * (12 * 1024 * 1024 + 1), "too large"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_staff_is_refused_whole_with_words_for_a_person(content, code):
    with pytest.raises(UnreadableList) as refusal:
        read_list(content)

    assert refusal.value.code == code
    assert 20 < len(str(refusal.value)) < 300


def test_columns_that_are_not_ours_never_leave_the_reader():
    content = as_csv(
        person(),
        role="system_admin", is_staff="1", is_superuser="1", password="letmein", permissions="*",
        Salary="31000", **{"NI Number": "QQ123456C"},
    )  # fmt: skip

    sheet = read_list(content)

    assert sheet.recognised.ignored == (
        "role", "is_staff", "is_superuser", "password", "permissions", "Salary", "NI Number",
    )  # fmt: skip
    kept = str(sheet.as_rows())
    assert "letmein" not in kept
    assert "QQ123456C" not in kept
    assert "31000" not in kept


def test_a_cell_that_is_too_long_is_kept_only_as_far_as_shows_that():
    sheet = read_list(as_csv(person(family="x" * 5_000)))

    assert max(len(cell) for _, row in sheet.lines for cell in row) == CELL_LIMIT


def test_rows_keep_the_number_of_their_line_in_the_file():
    content = 'Email,Forename,Surname,Job title\na@b.example,"Ann\nMarie",Day,TA\n\n,Bo,Ek,TA\n'

    assert [number for number, _ in read_list(content).lines] == [2, 5]


@pytest.mark.parametrize(
    ("system", "headings"),
    [
        ("SIMS", "Surname|Forename|Staff Code|Main E-mail|Employment Start Date|Post"),
        ("Arbor", "Legal First Name|Legal Last Name|Staff ID|Work Email|Business Role|Start Date"),
        (
            "Bromcom",
            "Preferred Forename|Preferred Surname|Email|Staff Type|Date Started At The School",
        ),
        ("", "First name|Last name|Email address|Job title"),
    ],
)
def test_the_headings_of_the_common_school_systems_are_understood(system, headings):
    found = recognise(headings.split("|"))

    assert found.system == system
    assert {"given_name", "family_name", "email", "title"} <= found.columns.keys()
    assert found.ignored == ()


def test_a_preferred_name_and_a_work_address_go_before_others():
    headings = [
        "Legal forename",
        "Surname",
        "Preferred forename",
        "Email",
        "Work email",
        "Role",
        "Job title",
    ]

    found = recognise(headings)

    assert found.columns["given_name"] == 2
    assert found.columns["email"] == 4
    assert found.columns["title"] == 6
    assert found.ignored == ("Legal forename", "Email", "Role")


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Teaching Assistant", JobRole.TEACHING_ASSISTANT),
        ("HLTA", JobRole.TEACHING_ASSISTANT),
        ("Teaching Assistant (Level 2)", JobRole.TEACHING_ASSISTANT),
        ("TEACHING ASSISTANT - LEVEL 3 TERM TIME ONLY", JobRole.TEACHING_ASSISTANT),
        ("Class Teacher", JobRole.TEACHER),
        ("Teacher of Mathematics", JobRole.TEACHER),
        ("SENDCo", JobRole.SENCO),
        ("Learning Mentor", JobRole.TEACHING_ASSISTANT),
        ("Deputy Headteacher", JobRole.SENIOR_LEADER),
        ("Parent Governor", JobRole.GOVERNOR),
        ("Forest School Lead", None),
        ("system_admin", None),
        ("", None),
    ],
)
def test_titles_with_one_meaning_are_known(title, role):
    assert job_role_of(title, {}) == role


def test_what_a_person_said_about_a_title_goes_first():
    assert job_role_of("Forest  school LEAD", {"forest school lead": "teacher"}) == "teacher"


@pytest.mark.parametrize(
    "text",
    ["1/9/2026", "01/09/2026", "2026-09-01", "01-09-2026", "01.09.2026", "01-Sep-2026",
     "1 September 2026", "2026-09-01 00:00:00", '="01/09/2026"'],
)  # fmt: skip
def test_dates_are_read_as_british_spreadsheets_write_them(text):
    assert cells.date(text) == dt.date(2026, 9, 1)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "00/01/2026", "2026-13-01", "01/09/26", "soon", "46266", "1/1/1066"]
)
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(BadCell):
        cells.date(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("32.5", "32.5"), ("32,5", "32.5"), ("32:30", "32.5"), ("37 hours", "37"), ("32.47", "32.5")],
)
def test_hours_are_a_number(text, hours):
    assert cells.hours(text) == Decimal(hours)


@pytest.mark.parametrize("text", ["1,950", "full", "-3", "=40", "900"])
def test_hours_that_nobody_works_are_refused(text):
    with pytest.raises(BadCell):
        cells.hours(text)


def test_an_address_is_compared_in_lower_case():
    assert cells.email(" Tom.Adeyemi@Otterford.EXAMPLE ") == "tom.adeyemi@otterford.example"
    assert cells.email("tom+sen@otterford.example") != cells.email("tom@otterford.example")
    assert cells.email("tom@müller.example") == "tom@xn--mller-kva.example"


@pytest.mark.parametrize(
    "text",
    [
        "tоm@otterford.example",  # Cyrillic о
        "tom@оtterford.example",
        "ı@otterford.example",  # dotless i
        "ｔom@otterford.example",  # full width
        "tom@ｏtterford.example",
        "tom@otter\u200bford.example",
        "tom@straße.example",  # would become strasse
        "to\u212a@otterford.example",  # Kelvin sign
        "tom", "tom@", "@otterford.example", "a@b@c.example", "tom@otterford", "=1+1@x.example",
    ],
)  # fmt: skip
def test_an_address_that_looks_like_another_is_refused_and_never_folded(text):
    with pytest.raises(BadCell):
        cells.email(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Adeyemi, Tom", ("Tom", "Adeyemi")),
        ("Mr Tom Adeyemi", ("Tom", "Adeyemi")),
        ("van der Berg, Ms Anna", ("Anna", "van der Berg")),
        ("O'Brien, Áine", ("Áine", "O'Brien")),
    ],
)
def test_a_whole_name_is_taken_apart(text, name):
    assert cells.full_name(text) == name


@pytest.mark.parametrize(
    "text", ["=HYPERLINK()", "+44", "@tom", "-", "a@b", "To\x07m", "x" * 101, "H801200001001"]
)
def test_a_name_is_a_name(text):
    with pytest.raises(BadCell):
        cells.name(text)


def test_what_is_shown_of_a_cell_is_short_and_on_one_line():
    shown = cells.cut("a\nb\x00" + "c" * 500)

    assert len(shown) == cells.SHOWN
    assert shown.isprintable()
