"""The screens of roles: who sees which grants, whom they find, and what they may press."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import JobRole, Role
from accounts.models import RoleGrant, RoleProposal
from accounts.services.delegations import delegate_role
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def sibling(area):
    return OrganisationFactory(local_area=area, name="Bramblewick Primary")


def lead_of(area, organisation, **names) -> RoleGrant:
    person = PostFactory(
        person=UserFactory(**names), organisation=organisation, job_role=JobRole.HEADTEACHER
    ).person
    return RoleGrantFactory(
        person=person, role=Role.SETTING_LEAD, local_area=area, organisation=organisation
    )


@pytest.fixture
def head(area, school):
    return lead_of(area, school, given_name="Nadia", family_name="Ferreira")


@pytest.fixture
def other_head(area, sibling):
    return lead_of(area, sibling, given_name="Secret", family_name="Sibling")


@pytest.fixture
def admin(area):
    return RoleGrantFactory(
        person=UserFactory(given_name="Wendell", family_name="Moss"),
        role=Role.SYSTEM_ADMIN,
        local_area=area,
    )


def day_boxes(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def grant_form(where, **changes) -> dict:
    return {
        "role": Role.SETTING_LEAD,
        "place": where.pk,
        "reason": "Deputy head",
        **day_boxes("starts_on", clock.today()),
    } | changes


class TestList:
    """Who holds what, in my scope."""

    def test_a_lead_sees_their_setting_and_not_the_sibling(self, head, other_head, sign_in):
        page = sign_in(head.person).get("/roles/").content.decode()

        assert "Nadia Ferreira" in page
        assert "Sibling" not in page
        assert "Bramblewick" not in page

    def test_administrators_and_auditors_see_the_area_and_no_other(
        self, area, other_area, admin, head, other_head, sign_in
    ):
        lead_of(
            other_area,
            OrganisationFactory(local_area=other_area),
            given_name="Far",
            family_name="Away",
        )
        auditor = RoleGrantFactory(role=Role.AUDITOR, local_area=area).person

        for person in (admin.person, auditor):
            page = sign_in(person).get("/roles/").content.decode()
            assert "Nadia Ferreira" in page
            assert "Secret Sibling" in page
            assert "Far Away" not in page

    def test_an_auditor_changes_nothing(self, area, school, head, sign_in):
        auditor = RoleGrantFactory(role=Role.AUDITOR, local_area=area).person
        client = sign_in(auditor)
        person = PostFactory(organisation=school).person

        assert f"/roles/{head.pk}/end/" not in client.get("/roles/").content.decode()
        assert client.get(f"/roles/{head.pk}/end/").status_code == 403
        assert client.get("/roles/grant/").status_code == 403
        assert client.post(f"/roles/grant/{person.public_id}/", {}).status_code == 403

    def test_filters_by_role_place_and_time(self, area, admin, head, school, sign_in):
        RoleGrantFactory(
            person=UserFactory(given_name="Long", family_name="Gone"),
            role=Role.SETTING_LEAD,
            local_area=area,
            organisation=school,
            ends_on=clock.today() - DAY,
        )
        client = sign_in(admin.person)

        def names(query):
            return client.get(f"/roles/?{query}").content.decode()

        assert "Long Gone" not in names("")
        assert "Long Gone" in names("show=ended")
        assert "Nadia" not in names("show=ended")
        assert "Wendell Moss" in names("place=area")
        assert "Nadia" not in names("place=area")
        assert "Nadia" in names(f"role=setting_lead&place={school.pk}")
        assert "Nadia" in names("role=nonsense&place=999999&show=x"), "no filter"

    def test_asks_as_often_for_thirty_grants_as_for_one(self, area, head, school, admin, sign_in):
        for person in (admin.person, head.person):
            client = sign_in(person)
            client.get("/roles/")
            counts = []
            for number in (1, 29):
                for _ in range(number):
                    lead_of(area, school)
                with CaptureQueriesContext(connection) as seen:
                    client.get("/roles/?page=1")
                counts.append(len(seen))
            assert counts[0] == counts[1]

    @pytest.mark.parametrize("role", [None, Role.EVALUATOR, Role.DPO])
    def test_is_closed_to_everybody_else(self, area, role, sign_in):
        person = UserFactory()
        if role:
            RoleGrantFactory(person=person, role=role, local_area=area)

        assert sign_in(person).get("/roles/").status_code == 403

    def test_warns_where_every_administrator_has_a_last_day(self, area, admin, sign_in):
        client = sign_in(admin.person)
        assert "nobody administers" not in client.get("/roles/").content.decode()
        RoleGrant.objects.filter(pk=admin.pk).update(ends_on=dt.date(2099, 3, 4))

        assert "After 4 March 2099 nobody administers" in client.get("/roles/").content.decode()

        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area)
        assert "nobody administers" not in client.get("/roles/").content.decode()


class TestGranting:
    """Find a person in my scope, choose, grant."""

    def test_only_people_of_ones_own_settings_are_found(self, head, school, sibling, sign_in):
        PostFactory(person=UserFactory(given_name="Ana", family_name="Quill"), organisation=school)
        PostFactory(person=UserFactory(given_name="Ben", family_name="Quill"), organisation=sibling)

        page = sign_in(head.person).get("/roles/grant/?q=quill").content.decode()

        assert "Ana Quill" in page
        assert "Ben Quill" not in page

    def test_a_single_letter_lists_nobody(self, head, school, sign_in):
        PostFactory(person=UserFactory(given_name="Ana", family_name="Q"), organisation=school)

        assert "Ana Q" not in sign_in(head.person).get("/roles/grant/?q=a").content.decode()

    def test_somebody_elsewhere_is_not_there(self, head, sibling, other_area, sign_in):
        client = sign_in(head.person)
        near = PostFactory(organisation=sibling).person
        far = PostFactory(organisation=OrganisationFactory(local_area=other_area)).person
        before = RoleGrant.objects.count()

        for person in (near, far, head.person):
            address = f"/roles/grant/{person.public_id}/"
            assert client.get(address).status_code == 404
            assert client.post(address, grant_form(sibling)).status_code == 404
        assert RoleGrant.objects.count() == before

    def test_a_head_reads_what_the_role_opens_and_grants_it(self, head, school, sign_in):
        deputy = PostFactory(organisation=school).person
        client = sign_in(head.person)
        address = f"/roles/grant/{deputy.public_id}/"

        assert "Sees who works in the setting" in client.get(address).content.decode()
        response = client.post(address, grant_form(school), follow=True)

        assert "has the role now" in response.content.decode()
        assert deputy.role_grants.get().granted_by == head.person

    @pytest.mark.parametrize(
        "changes",
        [
            {"role": Role.SYSTEM_ADMIN},
            {"role": Role.TRAINING_ADMIN},
            {"place": "area"},
            {"place": "sibling"},
            {"place": "999999999"},
            {"reason": ""},
            {"reason": "For Q123456789012A? No: 943 476 5919"},
            {"starts_on_2": "1900"},
        ],
    )
    def test_forged_answers_write_nothing(self, head, school, sibling, sign_in, changes):
        deputy = PostFactory(organisation=school).person
        if changes.get("place") == "sibling":
            changes = {"place": sibling.pk}

        response = sign_in(head.person).post(
            f"/roles/grant/{deputy.public_id}/", grant_form(school, **changes)
        )

        assert response.status_code == 200
        assert "Error:" in response.content.decode()
        assert not deputy.role_grants.exists()


class TestEnding:
    """The last day, through the screen."""

    @pytest.mark.parametrize(("when", "day"), [("today", 0), ("now", -1), ("day", 10)])
    def test_sets_the_last_day(self, area, head, school, sign_in, when, day):
        deputy = lead_of(area, school)
        last = clock.today() + day * DAY

        sign_in(head.person).post(
            f"/roles/{deputy.pk}/end/",
            {"when": when, "reason": "Left", **day_boxes("last_day", last)},
        )

        deputy.refresh_from_db()
        assert deputy.ends_on == last

    def test_the_last_administrator_reads_why_not(self, admin, sign_in):
        page = sign_in(admin.person).post(
            f"/roles/{admin.pk}/end/", {"when": "today", "reason": "Leaving"}
        )

        assert "last system administrator" in page.content.decode()
        admin.refresh_from_db()
        assert admin.ends_on is None

    def test_a_grant_elsewhere_is_not_there(self, head, other_head, sign_in):
        client = sign_in(head.person)

        for address in (f"/roles/{other_head.pk}/", f"/roles/{other_head.pk}/end/"):
            assert client.get(address).status_code == 404
        assert client.post(f"/roles/{other_head.pk}/end/", {"when": "now"}).status_code == 404
        other_head.refresh_from_db()
        assert other_head.ends_on is None

    def test_the_history_says_who_changed_what(self, area, head, school, sign_in):
        deputy = lead_of(area, school)
        client = sign_in(head.person)
        client.post(f"/roles/{deputy.pk}/end/", {"when": "today", "reason": "Left"})

        page = client.get(f"/roles/{deputy.pk}/").content.decode()

        assert "Granted" in page
        assert "Last day: " in page
        assert "Nadia Ferreira" in page


class TestHandingOn:
    """My own roles, and a colleague's for a while."""

    def test_both_sides_see_it_and_either_ends_it(self, head, school, sign_in):
        deputy = PostFactory(
            person=UserFactory(given_name="Dee", family_name="Puty"), organisation=school
        ).person
        client = sign_in(head.person)
        address = f"/roles/{head.pk}/hand-on/"
        assert "Dee Puty" in client.get(f"{address}?q=puty").content.decode()

        client.post(
            f"{address}{deputy.public_id}/",
            {
                "place": "area",
                "reason": "On leave",
                **day_boxes("starts_on", clock.today()),
                **day_boxes("ends_on", clock.today() + 7 * DAY),
            },
        )

        made = deputy.role_grants.get()
        assert "Dee Puty" in client.get("/roles/mine/").content.decode()
        theirs = sign_in(deputy)
        page = theirs.get("/roles/mine/").content.decode()
        assert "Nadia Ferreira has handed this on to you" in page
        assert theirs.get("/team/").status_code == 200
        assert theirs.get("/roles/grant/?q=na").status_code == 200
        assert theirs.get(f"/roles/{made.pk}/hand-on/").status_code == 404
        theirs.post(f"/roles/{made.pk}/end/", {"when": "now", "reason": "Back early"})
        assert theirs.get("/team/").status_code == 403

    def test_a_colleague_out_of_sight_is_found_by_their_whole_name_only(self, area, sign_in):
        evaluator = RoleGrantFactory(role=Role.EVALUATOR, local_area=area)
        PostFactory(
            person=UserFactory(given_name="Ana", family_name="Quill", email="ana@x.example"),
            organisation=OrganisationFactory(local_area=area),
        )
        client = sign_in(evaluator.person)

        def found(words):
            page = client.get(f"/roles/{evaluator.pk}/hand-on/", {"q": words})
            return "Ana Quill</a>" in page.content.decode()

        assert not found("quill")
        assert not found("an qu")
        assert found("ana quill")
        assert found("ANA@x.example")

    @pytest.mark.parametrize("whose", ["sibling", "system admin"])
    def test_what_cannot_be_handed_on_is_not_there(self, head, other_head, admin, sign_in, whose):
        grant = other_head if whose == "sibling" else admin
        person = head.person if whose == "sibling" else admin.person

        assert sign_in(person).get(f"/roles/{grant.pk}/hand-on/").status_code == 404

    def test_a_role_handed_on_lets_nobody_grant(self, head, school, sign_in):
        deputy, third = (PostFactory(organisation=school).person for _ in range(2))
        delegate_role(
            by=head.person,
            grant=head,
            to=deputy,
            starts_on=clock.today(),
            ends_on=clock.today() + DAY,
            reason="",
            at=clock.now(),
        )

        response = sign_in(deputy).post(f"/roles/grant/{third.public_id}/", grant_form(school))

        assert response.status_code == 404
        assert not third.role_grants.exists()


class TestProposals:
    """A second system administrator, through the screens."""

    @pytest.fixture
    def proposal(self, area, admin) -> RoleProposal:
        person = PostFactory(
            person=UserFactory(given_name="Cara", family_name="Date"),
            organisation=OrganisationFactory(local_area=area),
        ).person
        return RoleProposal.objects.create(
            person=person,
            local_area=area,
            role=Role.SYSTEM_ADMIN,
            starts_on=clock.today(),
            proposed_at=clock.now(),
            proposed_by=admin.person,
        )

    def test_is_proposed_by_one_and_agreed_by_a_director(self, area, admin, sign_in):
        director = RoleGrantFactory(role=Role.DIRECTOR, local_area=area).person
        person = PostFactory(organisation=OrganisationFactory(local_area=area)).person
        client = sign_in(admin.person)
        client.post(
            f"/roles/proposals/new/{person.public_id}/",
            {"reason": "Cover", **day_boxes("starts_on", clock.today())},
        )
        proposal = RoleProposal.objects.get()
        address = f"/roles/proposals/{proposal.pk}/decide/"

        assert client.post(address, {"decision": "agree"}).status_code == 403
        assert 'value="agree"' not in client.get("/roles/proposals/").content.decode()
        assert 'value="agree"' in sign_in(director).get("/roles/proposals/").content.decode()
        sign_in(director).post(address, {"decision": "agree"})

        assert person.role_grants.get().role == Role.SYSTEM_ADMIN

    def test_anything_but_agreement_refuses(self, area, proposal, sign_in):
        director = RoleGrantFactory(role=Role.DIRECTOR, local_area=area).person

        sign_in(director).post(f"/roles/proposals/{proposal.pk}/decide/", {"decision": "maybe"})

        proposal.refresh_from_db()
        assert proposal.decided_by == director
        assert not proposal.person.role_grants.exists()

    def test_a_link_decides_nothing(self, area, proposal, sign_in):
        director = RoleGrantFactory(role=Role.DIRECTOR, local_area=area).person

        response = sign_in(director).get(f"/roles/proposals/{proposal.pk}/decide/")

        assert response.status_code == 405
        proposal.refresh_from_db()
        assert proposal.decided_at is None

    @pytest.mark.parametrize("role", [Role.TRAINING_ADMIN, Role.EVALUATOR, Role.DPO, None])
    def test_is_closed_to_everybody_else(self, area, proposal, role, sign_in):
        person = UserFactory()
        if role:
            RoleGrantFactory(person=person, role=role, local_area=area)
        client = sign_in(person)

        assert client.get("/roles/proposals/").status_code == 403
        assert client.post(f"/roles/proposals/{proposal.pk}/decide/").status_code == 403

    def test_of_another_area_is_not_there(self, area, other_area, proposal, sign_in):
        RoleProposal.objects.update(local_area=other_area)
        director = RoleGrantFactory(role=Role.DIRECTOR, local_area=area).person
        client = sign_in(director)

        assert "Cara Date" not in client.get("/roles/proposals/").content.decode()
        response = client.post(f"/roles/proposals/{proposal.pk}/decide/", {"decision": "agree"})
        assert response.status_code == 404


@pytest.mark.browser
def test_a_head_grants_and_hands_on_by_keyboard_and_phone(
    area, head, school, browse, accessible, screen
):
    deputy = PostFactory(
        person=UserFactory(given_name="Dee", family_name="Puty"), organisation=school
    ).person
    page = browse(head.person, screen)

    page.goto("/roles/")
    accessible(page)
    page.get_by_role("link", name="Grant a role").click()
    page.get_by_label("Name").fill("puty")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dee Puty").click()
    page.get_by_label("Why").press("Enter")
    assert page.locator(".govuk-error-summary").is_visible()
    accessible(page)
    page.get_by_label("Why").fill("Deputy head")
    page.get_by_role("button", name="Grant the role").click()
    page.get_by_text("has the role now").wait_for()
    accessible(page)

    page.goto("/roles/mine/")
    accessible(page)
    page.get_by_role("link", name="Hand on while you are away").click()
    accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= screen[0]
    assert deputy.role_grants.get().role == Role.SETTING_LEAD
