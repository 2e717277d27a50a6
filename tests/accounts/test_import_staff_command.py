"""manage.py import_staff: the same import at the command line."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import JobRole
from accounts.models import AuditEvent, Post, StaffImport, User
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.staffing import as_csv, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def run(tmp_path, area):
    def _run(content, **options):
        path = tmp_path / "staff.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        try:
            call_command("import_staff", str(path), local_area="999", stdout=out, **options)
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), ""

    return _run


def test_it_imports_and_says_what_it_did(run, school):
    said, problem = run(as_csv(person(), person("Eve"), Salary="1"), organisation=school.urn)

    assert problem == ""
    assert "Ignored columns: Salary." in said
    assert (
        "Imported: 2 rows; 2 joiners, 0 changes, 0 leavers, 0 unchanged, 0 rows with errors" in said
    )
    assert Post.objects.count() == 2


def test_a_dry_run_writes_nothing_at_all(run, school):
    said, problem = run(as_csv(person()), organisation=school.urn, dry_run=True)

    assert "Would import: 1 rows; 1 joiners" in said
    assert problem == ""
    assert not User.objects.exists()
    assert not StaffImport.objects.exists()
    assert not AuditEvent.objects.filter(verb__startswith="staff_import").exists()


def test_it_answers_in_json(run, school):
    first, _ = run(as_csv(person(), person("Eve", start="x")), organisation=school.urn, json=True,
                   leave_out_errors=True)  # fmt: skip
    again, _ = run(as_csv(person()), organisation=school.urn, json=True)

    told = json.loads(first)
    assert told["imported"] is True
    assert (told["rows"], told["joiners"], told["errors"]) == (2, 1, 1)
    assert told["row_errors"][0]["line"] == 3
    assert StaffImport.objects.filter(pk=told["import"]).exists()
    assert (json.loads(again)["unchanged"], json.loads(again)["joiners"]) == (1, 0)


def test_rows_with_errors_stop_it_with_the_line_and_the_column(run, school):
    said, problem = run(
        as_csv(person(), person("Eve", start="31/02/2026")), organisation=school.urn
    )

    assert "line 3, Start date “31/02/2026”: There is no 31/02/2026" in said
    assert "Nothing was imported" in problem
    assert not Post.objects.exists()
    assert not StaffImport.objects.exists()


def test_the_exit_code_says_that_nothing_was_imported(run, school, tmp_path):
    _, problem = run(b"PK\x03\x04", organisation=school.urn)

    assert "Nothing was imported. This is a spreadsheet's own format" in problem
    assert AuditEvent.objects.filter(verb="refused.staff_import").count() == 1


def test_a_full_list_that_ends_many_posts_needs_the_number(run, school):
    PostFactory.create_batch(4, organisation=school, starts_on=dt.date(2020, 1, 1))

    _, refused = run(as_csv(person()), organisation=school.urn, mode="full")
    _, wrong = run(as_csv(person()), organisation=school.urn, mode="full", allow_ending=3)
    assert "would end 4 posts" in refused
    assert "would end 4 posts" in wrong
    assert not Post.objects.exclude(ends_on=None).exists()
    _, problem = run(as_csv(person()), organisation=school.urn, mode="full", allow_ending=4)

    assert problem == ""
    assert Post.objects.exclude(ends_on=None).count() == 4


def test_titles_may_be_explained(run, school):
    _, problem = run(
        as_csv(person(title="Forest School Lead")),
        organisation=school.urn,
        role=["Forest School Lead=teacher"],
    )

    assert problem == ""
    assert Post.objects.get().job_role == JobRole.TEACHER


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"organisation": 1}, "serves no school with the URN 1"),
        ({"role": ["Lead=system_admin"]}, "is not TITLE=ROLE"),
        ({}, "no column that names the employer"),
    ],
)
def test_what_cannot_be_meant_is_refused(run, school, options, words):
    _, problem = run(as_csv(person()), **options)

    assert words in problem


def test_a_list_may_name_the_employers(run, school, area, other_area):
    other = OrganisationFactory(local_area=area)
    foreign = OrganisationFactory(local_area=other_area)
    rows = as_csv(
        person(school=school.urn),
        person("Eve", school=other.name),
        person("Bo", school=foreign.urn),
    )

    said, _ = run(rows, leave_out_errors=True)

    assert "line 4, URN" in said
    assert set(Post.objects.values_list("organisation", flat=True)) == {school.pk, other.pk}
