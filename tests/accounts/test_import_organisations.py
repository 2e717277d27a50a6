"""The importer of the register of schools, on made-up files of both layouts and on real ones."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import LinkType, OrganisationKind, OrganisationStatus, Phase
from accounts.models import AuditEvent, Organisation, OrganisationLink
from accounts.selectors import predecessors_of

pytestmark = pytest.mark.django_db

GIAS_HEADER = (
    "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (name),NumberOfPupils,"
    "AdministrativeWard (name),Postcode,Trusts (name)"
)
LINKS_HEADER = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"


@pytest.fixture
def write(tmp_path):
    def _write(name: str, *lines: str, encoding: str = "cp1252") -> str:
        path = tmp_path / name
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return str(path)

    return _write


def run(*args: str) -> dict:
    out = StringIO()
    call_command("import_organisations", *args, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_published_layout_is_read(area, write):
    file = write(
        "gias.csv",
        GIAS_HEADER,
        "900001,999,2001,St Swithun’s Primary,Academy converter,Open,01-09-2014,,Primary,412,"
        '"Eastfield",MD1 1AA,Harbour Trust',
        "900002,999,7001,Thistledown,Community special school,Closed,,31-08-2020,,80,,,",
        "900003,998,4001,Elsewhere High,Community school,Open,,,Secondary,,,,",
    )

    result = run(file, "--local-area", "999")

    assert (result["read"], result["created"], result["trusts"]) == (3, 3, 1)
    school = Organisation.objects.get(urn=900001)
    assert school.name == "St Swithun’s Primary"  # a CP1252 apostrophe
    assert school.phase == Phase.PRIMARY
    assert school.opened_on == dt.date(2014, 9, 1)
    assert school.trust.name == "Harbour Trust"
    assert school.ward == "Eastfield"
    assert school.local_area == area
    special = Organisation.objects.get(urn=900002)
    assert (special.kind, special.status) == (
        OrganisationKind.SPECIAL_SCHOOL,
        OrganisationStatus.CLOSED,
    )
    assert Organisation.objects.get(urn=900003).local_area is None


def test_the_same_file_twice_changes_nothing(area, write):
    file = write("gias.csv", GIAS_HEADER, "900001,999,2001,A,Community school,Open,,,Primary,1,,,")
    run(file)
    events = AuditEvent.objects.count()

    result = run(file)

    assert (result["created"], result["updated"], result["unchanged"]) == (0, 0, 1)
    assert AuditEvent.objects.count() == events


def test_a_column_the_extract_lacks_empties_nothing(area, write):
    known = "900001,999,2001,A,Community school,Open,01-09-2014,,Primary,10,East,,"
    run(write("a.csv", GIAS_HEADER, known))

    result = run(
        write(
            "b.csv",
            "urn,school_name,la_code,school_type,phase,pupil_count",
            "900001,A,999,Community school,Primary,11.0",
            encoding="utf-8",
        )
    )

    school = Organisation.objects.get(urn=900001)
    assert result["updated"] == 1
    assert (school.pupils, school.ward, school.opened_on) == (11, "East", dt.date(2014, 9, 1))


def test_a_dry_run_says_what_it_would_do_and_does_nothing(area, write):
    file = write("gias.csv", GIAS_HEADER, "900001,999,2001,A,Community school,Open,,,Primary,1,,,T")

    result = run(file, "--dry-run")

    assert result["dry_run"] and result["created"] == 1
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["name,place", "A,B"], "there is no URN column"),
        (["URN,EstablishmentName", "900001,A"], "the column TypeOfEstablishment (name) is missing"),
        ([GIAS_HEADER + ",URN", "1"], "the column URN appears more than once"),
        (
            [GIAS_HEADER, "900001,999,1,A,Community school,Open,31-02-2020,,Primary,,,,"],
            "line 2, column OpenDate: “31-02-2020” is not a date",
        ),
        (
            [GIAS_HEADER, "90001,999,1,A,Community school,Open,,,Primary,,,,"],
            "“90001” is not a URN",
        ),
        (
            [GIAS_HEADER, "900001,999,1,A,Community school,Open,,,Primary,many,,,"],
            "“many” is not a whole number",
        ),
        ([GIAS_HEADER, "900001,999,1,A\x00,Community school,Open,,,Primary,,,,"], "NUL characters"),
        (
            [GIAS_HEADER, "900001,999,1,A,B,Community school,Open,,,Primary,,,,,"],
            "line 2: more cells than columns",
        ),
    ],
)
def test_a_wrong_file_is_refused_whole_with_the_place_of_the_fault(area, write, lines, message):
    good = "900009,999,1,Good,Community school,Open,,,Primary,,,,"
    file = write("bad.csv", lines[0], *([good] if lines[0] == GIAS_HEADER else []), *lines[1:])

    with pytest.raises(CommandError) as error:
        run(file)

    assert message.replace("line 2", "line 3") in str(error.value) or message in str(error.value)
    assert "Nothing was imported" in str(error.value)
    assert not Organisation.objects.exists()


def test_links_keep_an_unknown_end_and_are_completed_later(area, write):
    schools = write("a.csv", GIAS_HEADER, "900002,999,1,New,Academy converter,Open,,,Primary,,,,")
    links = write(
        "links.csv",
        LINKS_HEADER,
        "900001,900002,New,Successor,30-06-2014",
        "900003,900001,Middle,Predecessor,",
        "900002,900009,Sixth form,Sixth Form Centre School Link,",
    )

    assert run(schools, "--links", links)["links"] == 3
    link = OrganisationLink.objects.get(urn=900001)
    assert link.organisation is None
    assert link.linked.urn == 900002
    assert OrganisationLink.objects.get(linked_urn=900009).link_type == LinkType.OTHER

    run(write("b.csv", GIAS_HEADER, "900001,999,2,Old,Community school,Closed,,,Primary,,,,"))
    run(schools, "--links", links)
    link.refresh_from_db()
    assert link.organisation.urn == 900001
    assert OrganisationLink.objects.count() == 3


def test_a_lineage_is_followed_through_every_step(area, write):
    schools = write("a.csv", GIAS_HEADER, "900003,999,1,C,Academy converter,Open,,,Primary,,,,")
    links = write(
        "links.csv",
        LINKS_HEADER,
        "900003,900002,B,Predecessor,",
        "900001,900002,B,Successor - merged,",
        "900000,900002,B,Successor - merged,",
        "900002,900003,C,Successor,",
    )
    run(schools, "--links", links)

    assert predecessors_of([900003, 900001]) == {900003: {900000, 900001, 900002}, 900001: set()}


@pytest.mark.open_data
def test_the_real_extract_of_three_boroughs_comes_in_whole(area, open_data):
    result = run(
        str(open_data / "dfe/extract_310_311_312_gias_open.csv"),
        "--links",
        str(open_data / "dfe/extract_310_311_312_links.csv"),
        "--local-area",
        "999",
        "--la-code",
        "310",
    )

    assert (result["read"], result["created"], result["links"]) == (280, 280, 333)
    assert Organisation.objects.filter(local_area=area, la_code="310").exists()
    theirs = Organisation.objects.filter(local_area=area).exclude(la_code="310")
    assert set(theirs.values_list("kind", flat=True)) == {OrganisationKind.TRUST}
    assert set(theirs) == set(
        Organisation.objects.filter(academies__local_area=area, academies__la_code="310")
    )


def test_what_a_file_does_not_say_stays_as_it_was(area, write):
    """The slim extract has no status and no dates: it opens no closed school again."""
    closed = "900001,999,2001,A,Community school,Closed,01-09-2014,31-08-2020,Primary,10,East,,"
    run(write("a.csv", GIAS_HEADER, closed))

    run(
        write(
            "b.csv",
            "urn,school_name,la_code,school_type,phase,pupil_count",
            "900001,A,999,Community school,,",
            encoding="utf-8",
        )
    )

    school = Organisation.objects.get(urn=900001)
    assert (school.status, school.phase) == (OrganisationStatus.CLOSED, Phase.PRIMARY)
    assert school.closed_on == dt.date(2020, 8, 31)


def test_a_school_that_opens_again_has_no_closing_day(area, write):
    row = "900001,999,2001,A,Community school,{},01-09-2014,{},Primary,10,East,,"
    run(write("a.csv", GIAS_HEADER, row.format("Closed", "31-08-2020")))

    run(write("b.csv", GIAS_HEADER, row.format("Open", "")))

    school = Organisation.objects.get(urn=900001)
    assert (school.status, school.closed_on) == (OrganisationStatus.OPEN, None)


def test_a_school_that_closes_before_it_opens_comes_in_with_a_note(area, write):
    file = write(
        "gias.csv",
        GIAS_HEADER,
        "900001,999,2001,A,Community school,Closed,01-09-2014,31-08-2010,Primary,1,,,",
        "900002,999,2001,B,Community school,Open,01-09-2014,,Primary,1,,,",
    )

    result = run(file)

    assert result["created"] == 2
    assert "URN 900001 closes (31-08-2010) before it opens (01-09-2014)" in result["warnings"][0]
    assert Organisation.objects.get(urn=900001).opened_on is None
    assert run(file)["unchanged"] == 2


def test_the_trusts_of_the_areas_academies_belong_to_the_area_and_foundations_are_none(area, write):
    result = run(
        write(
            "gias.csv",
            GIAS_HEADER + ",TrustSchoolFlag (name)",
            "900001,999,1,A,Academy converter,Open,,,Primary,1,,,Ours,"
            "Supported by a multi-academy trust",
            "900002,998,1,B,Academy converter,Open,,,Primary,1,,,Theirs,"
            "Supported by a multi-academy trust",
            "900003,999,1,C,Foundation school,Open,,,Primary,1,,,A foundation,Supported by a trust",
        ),
        "--local-area",
        "999",
    )

    assert result["trusts"] == 2
    assert Organisation.objects.get(name="Ours").local_area == area
    assert Organisation.objects.get(name="Theirs").local_area is None
    assert Organisation.objects.get(urn=900003).trust is None


def test_a_change_of_phase_or_ward_is_heard_by_the_rules_of_whoever_works_there(area, write):
    from accounts.signals import posts_changed
    from tests.factories.accounts import PostFactory

    row = "900001,999,2001,A,Community school,Open,,,{},{},East,,"
    file = write("a.csv", GIAS_HEADER, row.format("Primary", 10))
    run(file, "--local-area", "999")
    post = PostFactory(organisation=Organisation.objects.get(urn=900001))
    heard = []
    listen = lambda sender, person_ids, **kwargs: heard.append(person_ids)  # noqa: E731
    posts_changed.connect(listen)
    try:
        more_pupils = write("b.csv", GIAS_HEADER, row.format("Primary", 11))
        run(more_pupils, "--local-area", "999")
        assert heard == []
        run(write("c.csv", GIAS_HEADER, row.format("Secondary", 11)), "--local-area", "999")
    finally:
        posts_changed.disconnect(listen)

    assert heard == [{post.person_id}]


def test_an_import_leaves_alone_what_is_kept_by_hand(area, write):
    row = "900001,999,2001,A,Community school,Open,,,Primary,{},East,,"
    run(write("a.csv", GIAS_HEADER, row.format(10)))
    school = Organisation.objects.get(urn=900001)
    school.demands_second_step = True
    school.save()

    run(write("b.csv", GIAS_HEADER, row.format(11)))

    school.refresh_from_db()
    assert (school.pupils, school.demands_second_step) == (11, True)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("number", [10, 400])
def test_an_import_takes_a_few_statements_whatever_the_number_of_schools(
    area, write, number, django_assert_max_num_queries
):
    """Rows go in bulk, changed ones too: SQLite takes them a few dozen a statement."""
    from django.db import connection

    row = "{},999,1,School,Community school,Open,,,Primary,{},East,,"
    first = write("a.csv", GIAS_HEADER, *(row.format(900_000 + n, 1) for n in range(number)))
    second = write("b.csv", GIAS_HEADER, *(row.format(900_000 + n, 2) for n in range(number)))
    batches = 1 if connection.vendor == "postgresql" else 1 + number // 40
    with django_assert_max_num_queries(22 + batches):
        run(first, "--local-area", "999")
    with django_assert_max_num_queries(22 + batches):
        assert run(second, "--local-area", "999")["updated"] == number


def test_the_report_in_words_names_conversions_and_notes(area, write):
    from tests.factories.accounts import PostFactory

    row = "{},999,1,{},Community school,{},01-09-1960,{},Primary,1,,,"
    run(
        write("a.csv", GIAS_HEADER, row.format(900001, "Old", "Open", "")),
        "--local-area",
        "999",
    )
    PostFactory(organisation=Organisation.objects.get(urn=900001))
    out = StringIO()

    call_command(
        "import_organisations",
        write(
            "b.csv",
            GIAS_HEADER,
            row.format(900001, "Old", "Closed", "31-08-2024"),
            row.format(900002, "New", "Open", ""),
            row.format(900003, "Faulty", "Closed", "31-08-1950"),
        ),
        "--links",
        write("links.csv", LINKS_HEADER, "900001,900002,New,Successor,"),
        "--local-area",
        "999",
        "--dry-run",
        stdout=out,
    )

    said = out.getvalue()
    assert "2 would be created" in said
    assert "Old (900001) became New (900002): 1 post and 0 other things would move." in said
    assert "Note: URN 900003 closes" in said


def test_an_import_that_breaks_near_its_end_leaves_nothing_behind(area, write):
    good = [f"{900_000 + n},999,1,S,Community school,Open,,,Primary,,,,T" for n in range(300)]
    file = write("a.csv", GIAS_HEADER, *good, "9,999,1,S,Community school,Open,,,Primary,,,,")

    with pytest.raises(CommandError, match="line 302"):
        run(file, "--local-area", "999")

    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()
