"""A record one does not see by role opens with a reason, for an hour, and its person is told."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts import audit
from accounts.enums import JobRole, Role
from accounts.models import AuditEvent, RoleGrant
from accounts.services.reasoned_access import UnableToOpenRecord, open_record
from core import clock
from tests.core.test_pupil_identifiers import make_upn
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import build, make_rule, make_topic

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
REASON = "Subject access request 14 of November"


@pytest.fixture
def hester(area):
    person = UserFactory(given_name="Hester", family_name="Quaye")
    RoleGrantFactory(person=person, role=Role.AUDITOR, local_area=area)
    return person


@pytest.fixture
def tom(area, other_area):
    """A teaching assistant with a post here and another in the next area."""
    person = UserFactory(given_name="Tom", family_name="Akinwale", email="tom@otterford.example")
    here = OrganisationFactory(local_area=area, name="Otterford Primary")
    PostFactory(
        person=person,
        organisation=here,
        job_role=JobRole.TEACHING_ASSISTANT,
        staff_number="OT-17",
    )
    PostFactory(
        person=person,
        organisation=OrganisationFactory(local_area=other_area, name="Farside Primary"),
    )
    for each, title in ((area, "Safeguarding here"), (other_area, "Rules of the next area")):
        make_rule(each, make_topic(each), title=title)
    build(clock.today())
    return person


def opened(by, area, **changes) -> AuditEvent:
    return open_record(
        **{
            "by": by,
            "whom": "tom@otterford.example",
            "local_area": area,
            "reason": REASON,
            "at": NOON,
            **changes,
        }
    )


class TestOpening:
    @pytest.mark.parametrize("whom", ["TOM@Otterford.example ", "ot-17"])
    def test_by_exact_address_or_number(self, area, hester, tom, whom):
        event = opened(hester, area, whom=whom)

        assert (event.verb, event.actor, event.subject) == (
            "record.opened",
            hester.public_id,
            tom.public_id,
        )
        assert (event.reason, event.local_area, event.shown_from) == (REASON, area, None)

    def test_by_public_id(self, area, hester, tom):
        assert opened(hester, area, whom=str(tom.public_id)).subject == tom.public_id

    @pytest.mark.parametrize("whom", ["Tom", "Akinwale", "tom@otterford", "OT-1", "%", ""])
    def test_nobody_is_found_by_a_part(self, area, hester, tom, whom):
        with pytest.raises(UnableToOpenRecord, match="exactly") as refused:
            opened(hester, area, whom=whom)

        assert refused.value.field == "whom"
        assert not AuditEvent.objects.exists()

    def test_nobody_of_another_area(self, area, other_area, hester):
        person = PostFactory(organisation=OrganisationFactory(local_area=other_area)).person

        with pytest.raises(UnableToOpenRecord, match="Nobody"):
            opened(hester, area, whom=str(person.public_id))

    def test_a_number_two_people_have_opens_neither(self, area, hester, tom):
        PostFactory(organisation=OrganisationFactory(local_area=area), staff_number="OT-17")

        with pytest.raises(UnableToOpenRecord, match="Two people"):
            opened(hester, area, whom="OT-17")

    def test_not_ones_own(self, area, hester):
        with pytest.raises(UnableToOpenRecord, match="This is you"):
            opened(hester, area, whom=hester.email)

    def test_whoever_was_erased_is_not_there(self, area, hester, tom):
        tom.erased_at = NOON
        tom.save()

        with pytest.raises(UnableToOpenRecord, match="Nobody"):
            opened(hester, area)

    @pytest.mark.parametrize("reason", ["", "         ", "Because  "])
    def test_a_reason_is_said(self, area, hester, tom, reason):
        with pytest.raises(UnableToOpenRecord, match="10 characters") as refused:
            opened(hester, area, reason=reason)

        assert refused.value.field == "reason"

    @pytest.mark.parametrize("field", ["reason", "reference"])
    def test_no_child_is_named_in_it(self, area, hester, tom, field):
        upn = make_upn("998123000012")
        texts = {"reason": REASON, "reference": "", field: f"About pupil {upn}"}

        with pytest.raises(UnableToOpenRecord, match="pupil or NHS number") as refused:
            opened(hester, area, tell_on=dt.date(2026, 12, 1), **texts)

        assert refused.value.field == field

    @pytest.mark.parametrize(
        "role", [Role.SETTING_LEAD, Role.TRAINING_ADMIN, Role.DPO, Role.EVALUATOR, None]
    )
    def test_other_roles_do_not(self, area, tom, role):
        person = UserFactory()
        if role:
            RoleGrantFactory(person=person, role=role, local_area=area)

        with pytest.raises(PermissionDenied):
            opened(person, area)

    def test_a_role_in_another_area_or_over_one_setting_does_not(self, area, other_area, tom):
        elsewhere, partly = UserFactory(), UserFactory()
        RoleGrantFactory(person=elsewhere, role=Role.AUDITOR, local_area=other_area)
        RoleGrantFactory(
            person=partly,
            role=Role.AUDITOR,
            local_area=area,
            organisation=OrganisationFactory(local_area=area),
        )

        for person in (elsewhere, partly):
            with pytest.raises(PermissionDenied):
                opened(person, area)


class TestDelay:
    def test_with_a_reference_and_within_90_days(self, area, hester, tom):
        event = opened(hester, area, tell_on=dt.date(2027, 2, 18), reference="HR 9")

        # Midnight in London, which is UTC in February.
        assert event.shown_from == dt.datetime(2027, 2, 18, tzinfo=dt.UTC)
        assert event.reason == f"{REASON} (reference HR 9)"

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            ({"tell_on": dt.date(2027, 2, 19), "reference": "HR 9"}, "tell_on"),
            ({"tell_on": dt.date(2026, 11, 20), "reference": "HR 9"}, "tell_on"),
            ({"tell_on": dt.date(2026, 12, 1)}, "reference"),
            ({"tell_on": dt.date(2026, 12, 1), "reference": "  "}, "reference"),
            ({"reference": "HR 9"}, "tell_on"),
        ],
    )
    def test_not_longer_not_without_a_reference_and_not_half(
        self, area, hester, tom, answers, field
    ):
        with pytest.raises(UnableToOpenRecord) as refused:
            opened(hester, area, **answers)

        assert refused.value.field == field
        assert not AuditEvent.objects.exists()


class TestScreens:
    @pytest.fixture
    def client(self, hester, sign_in):
        return sign_in(hester)

    def ask(self, client, **answers):
        return client.post(
            "/records/open/", {"whom": "tom@otterford.example", "reason": REASON, **answers}
        )

    def test_the_record_shows_posts_and_statuses_of_this_area_only(self, area, client, tom):
        response = self.ask(client)
        assert response["Location"] == f"/records/{tom.public_id}/"

        page = client.get(response["Location"]).content.decode()

        for words in ("Tom Akinwale", "Otterford Primary", "Safeguarding here", REASON):
            assert words in page
        for hidden in ("Farside Primary", "Rules of the next area", tom.email, "OT-17"):
            assert hidden not in page

    def test_the_person_reads_who_it_was_and_why(self, client, tom, sign_in):
        self.ask(client)

        told = sign_in(tom).get("/profile/accesses/").content.decode()

        assert "Hester Quaye" in told
        assert "Auditor, Merrowdale" in told
        assert REASON in told

    def test_without_a_reason_nothing_is_shown_not_even_that_there_is_such_a_person(
        self, area, client, tom
    ):
        answers = [
            client.get(f"/records/{key}/")
            for key in (tom.public_id, "00000000-0000-4000-8000-000000000000")
        ]

        assert {(answer.status_code, answer["Location"]) for answer in answers} == {
            (302, "/records/open/")
        }

    def test_it_closes_after_an_hour(self, client, tom):
        with time_machine.travel(NOON, tick=False):
            self.ask(client)
        with time_machine.travel(NOON + dt.timedelta(minutes=59), tick=False):
            assert client.get(f"/records/{tom.public_id}/").status_code == 200
        with time_machine.travel(NOON + dt.timedelta(minutes=60), tick=False):
            assert client.get(f"/records/{tom.public_id}/").status_code == 302

    def test_a_colleagues_reason_opens_nothing(self, area, client, tom, sign_in):
        other = UserFactory()
        RoleGrantFactory(person=other, role=Role.SYSTEM_ADMIN, local_area=area)
        self.ask(client)

        assert sign_in(other).get(f"/records/{tom.public_id}/").status_code == 302

    def test_it_closes_when_the_role_ends(self, client, hester, tom):
        self.ask(client)
        RoleGrant.objects.filter(person=hester).update(ends_on=dt.date(2026, 1, 1))

        assert client.get(f"/records/{tom.public_id}/").status_code == 403

    def test_an_ordinary_look_opens_nothing(self, area, client, hester, tom):
        audit.record_view(by=hester, person=tom, local_area=area, at=clock.now())

        assert client.get(f"/records/{tom.public_id}/").status_code == 302

    def test_what_was_typed_stays_when_it_is_refused(self, client, tom):
        response = self.ask(client, reason="Why", whom="tom@otterford.example")

        page = response.content.decode()
        assert "There is a problem" in page
        assert "tom@otterford.example" in page
        assert "10 characters or more" in page

    @pytest.mark.parametrize("role", [Role.SETTING_LEAD, Role.DPO, Role.EVALUATOR])
    def test_other_roles_find_no_form(self, area, tom, sign_in, role):
        person = UserFactory()
        RoleGrantFactory(person=person, role=role, local_area=area)
        client = sign_in(person)

        assert client.get("/records/open/").status_code == 403
        assert self.ask(client).status_code == 403
        assert client.get(f"/records/{tom.public_id}/").status_code == 403


@pytest.mark.browser
def test_the_way_from_reason_to_record_on_both_screens(
    area, hester, tom, browse, accessible, screen
):
    page = browse(hester, screen)
    page.goto("/records/open/")
    accessible(page)
    page.get_by_role("button", name="Open the record").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    page.get_by_label("Email address, staff number or id").fill("tom@otterford.example")
    page.get_by_label("Why you need to see this record").fill(REASON)
    page.get_by_role("button", name="Open the record").click()

    assert page.get_by_role("heading", name="Tom Akinwale").is_visible()
    assert page.get_by_text("Safeguarding here").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    accessible(page)
    page.goto(f"/audit-log/?{urlencode({'about': 'Akinwale'})}")
    assert page.locator("tbody th", has_text="Record: opened").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    accessible(page)
