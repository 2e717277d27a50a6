"""Roles are grants with a scope and dates; nobody grants above, outside or beyond their own."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts import access
from accounts.enums import Role
from accounts.models import AuditEvent, Organisation, RoleGrant, User
from accounts.permissions import is_last_administrator
from accounts.services.editor_rights import project_all_editor_rights
from accounts.services.roles import UnableToEndRole, UnableToGrantRole, end_role, grant_role
from accounts.tasks import project_editor_rights as daily_task
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
ON = AT.date()
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def head(area, school):
    return RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


def grant(by: User, role: str, area, organisation: Organisation | None = None, **more) -> RoleGrant:
    return grant_role(
        by=by,
        role=role,
        local_area=area,
        organisation=organisation,
        **{"person": UserFactory(), "starts_on": ON, "at": AT} | more,
    )


class TestGranting:
    """What a giver's own grant lets them give."""

    def test_a_lead_makes_another_lead_in_their_setting(self, area, school, head):
        made = grant(head, Role.SETTING_LEAD, area, school, reason="Deputy head")

        event = AuditEvent.objects.get(verb="role.granted")
        assert (made.granted_by, made.reason) == (head, "Deputy head")
        assert (event.actor, event.subject) == (head.public_id, made.person.public_id)
        assert event.data["organisation"] == school.pk

    def test_a_lead_of_a_school_leads_the_units_below_it_too(self, area, school, head):
        unit = OrganisationFactory(local_area=area, parent=school)

        assert grant(head, Role.SETTING_LEAD, area, unit).organisation == unit

    @pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SETTING_LEAD}))
    def test_a_lead_grants_no_other_role(self, area, school, head, role):
        with pytest.raises(PermissionDenied):
            grant(head, role, area, school)
        with pytest.raises(PermissionDenied):
            grant(head, role, area)

        assert not RoleGrant.objects.filter(granted_by=head).exists()

    def test_a_scope_is_never_widened(self, area, other_area, school):
        unit = OrganisationFactory(local_area=area, parent=school)
        sibling = OrganisationFactory(local_area=area)
        foreign = OrganisationFactory(local_area=other_area)
        lead = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=unit).person

        for place in (school, sibling, foreign, None):
            with pytest.raises(PermissionDenied):
                grant(lead, Role.SETTING_LEAD, area, place)
        with pytest.raises(PermissionDenied):
            grant(lead, Role.SETTING_LEAD, other_area, foreign)

    def test_a_training_administrator_of_some_schools_makes_leads_there_only(self, area, school):
        sibling = OrganisationFactory(local_area=area)
        trainer = RoleGrantFactory(
            role=Role.TRAINING_ADMIN, local_area=area, organisation=school
        ).person

        assert grant(trainer, Role.SETTING_LEAD, area, school)
        with pytest.raises(PermissionDenied):
            grant(trainer, Role.SETTING_LEAD, area, sibling)
        with pytest.raises(PermissionDenied):
            grant(trainer, Role.TRAINING_ADMIN, area, school)

    def test_nobody_grants_for_longer_than_they_hold_their_own(self, area, school):
        leaving = RoleGrantFactory(
            role=Role.SETTING_LEAD, local_area=area, organisation=school, ends_on=ON + 30 * DAY
        ).person

        with pytest.raises(UnableToGrantRole, match="ends on 1 April 2026"):
            grant(leaving, Role.SETTING_LEAD, area, school)
        with pytest.raises(UnableToGrantRole, match="ends on 1 April 2026"):
            grant(leaving, Role.SETTING_LEAD, area, school, ends_on=ON + 31 * DAY)
        assert grant(leaving, Role.SETTING_LEAD, area, school, ends_on=ON + 30 * DAY)

    def test_nobody_grants_themselves_a_role(self, area, admin):
        with pytest.raises(UnableToGrantRole, match="yourself"):
            grant(admin, Role.AUDITOR, area, person=admin)

    def test_one_person_alone_makes_no_system_administrator(self, area, admin):
        with pytest.raises(PermissionDenied):
            grant(admin, Role.SYSTEM_ADMIN, area)

    def test_a_role_handed_on_grants_nothing(self, area, school, head):
        own = head.role_grants.get()
        deputy = RoleGrantFactory(
            role=Role.SETTING_LEAD,
            local_area=area,
            organisation=school,
            delegated_from=own,
            ends_on=ON + DAY,
        ).person

        with pytest.raises(PermissionDenied):
            grant(deputy, Role.SETTING_LEAD, area, school, ends_on=ON)

    @pytest.mark.parametrize(
        ("role", "whole_area"), [(Role.SETTING_LEAD, True), (Role.AUDITOR, False)]
    )
    def test_a_role_is_held_where_it_makes_sense(self, area, school, admin, role, whole_area):
        with pytest.raises(UnableToGrantRole):
            grant(admin, role, area, None if whole_area else school)

    def test_no_role_begins_in_the_past(self, area, school, head):
        with pytest.raises(UnableToGrantRole, match="in the past"):
            grant(head, Role.SETTING_LEAD, area, school, starts_on=ON - DAY)

    def test_the_same_grant_twice_is_one(self, area, school, head):
        person = UserFactory()

        first = grant(head, Role.SETTING_LEAD, area, school, person=person)
        again = grant(head, Role.SETTING_LEAD, area, school, person=person, ends_on=ON + DAY)

        assert first == again
        assert AuditEvent.objects.filter(verb="role.granted").count() == 1

    def test_the_day_is_londons(self, area, school):
        """At 23:30 UTC in summer it is the next day in London, when this lead's role is over."""
        gone = RoleGrantFactory(
            role=Role.SETTING_LEAD,
            local_area=area,
            organisation=school,
            ends_on=dt.date(2026, 7, 1),
        ).person

        with pytest.raises(PermissionDenied):
            grant(
                gone,
                Role.SETTING_LEAD,
                area,
                school,
                starts_on=dt.date(2026, 7, 2),
                ends_on=dt.date(2026, 7, 2),
                at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC),
            )


class TestEnding:
    """The last day of a grant, and who says so."""

    def test_a_role_ended_today_holds_until_tonight(self, area, school, head):
        made = grant(head, Role.SETTING_LEAD, area, school)

        end_role(by=head, grant=made, ends_on=ON, at=AT)

        assert access.has_role(made.person, Role.SETTING_LEAD, on=ON, organisation=school)
        assert not access.has_role(made.person, Role.SETTING_LEAD, on=ON + DAY, organisation=school)

    def test_a_role_ended_at_once_holds_no_more(self, area, school, head):
        made = grant(head, Role.SETTING_LEAD, area, school)

        end_role(by=head, grant=made, ends_on=ON - DAY, at=AT)

        assert not access.has_role(made.person, Role.SETTING_LEAD, on=ON, organisation=school)
        assert made.history.count() == 2, "what was meant is kept"

    def test_somebody_outside_ends_nothing(self, area, school, head):
        stranger = RoleGrantFactory(
            role=Role.SETTING_LEAD,
            local_area=area,
            organisation=OrganisationFactory(local_area=area),
        ).person

        with pytest.raises(PermissionDenied):
            end_role(by=stranger, grant=head.role_grants.get(), ends_on=ON, at=AT)

        assert head.role_grants.get().ends_on is None

    def test_a_holder_gives_up_their_own_role(self, area, school, head):
        end_role(by=head, grant=head.role_grants.get(), ends_on=ON, at=AT)

        assert head.role_grants.get().ends_on == ON

    def test_an_end_is_neither_in_the_past_nor_later_than_it_was(self, area, school, head):
        made = grant(head, Role.SETTING_LEAD, area, school, ends_on=ON + 5 * DAY)

        with pytest.raises(UnableToEndRole, match="in the past"):
            end_role(by=head, grant=made, ends_on=ON - 2 * DAY, at=AT)
        with pytest.raises(UnableToEndRole, match="already"):
            end_role(by=head, grant=made, ends_on=ON + 6 * DAY, at=AT)

    def test_what_was_handed_on_ends_with_it(self, area, school, head):
        own = head.role_grants.get()
        running = RoleGrantFactory(
            role=Role.SETTING_LEAD, local_area=area, delegated_from=own, ends_on=ON + 30 * DAY
        )
        planned = RoleGrantFactory(
            role=Role.SETTING_LEAD,
            local_area=area,
            delegated_from=own,
            starts_on=ON + 10 * DAY,
            ends_on=ON + 30 * DAY,
        )

        end_role(by=head, grant=own, ends_on=ON + DAY, at=AT)

        running.refresh_from_db()
        assert running.ends_on == ON + DAY
        for day in range(31):
            on = ON + day * DAY
            assert not access.grants_in_force(planned.person, on).exists(), on
        assert AuditEvent.objects.filter(verb="role.delegation_ended").count() == 2


class TestLastAdministrator:
    """An area always has somebody who can let others in."""

    def test_cannot_be_ended_even_by_themselves(self, area, admin):
        with pytest.raises(UnableToEndRole, match="last system administrator"):
            end_role(by=admin, grant=admin.role_grants.get(), ends_on=ON, at=AT)

        assert admin.role_grants.get().ends_on is None

    @pytest.mark.parametrize("what", ["suspended", "inactive", "one school", "over", "other area"])
    def test_is_the_last_where_the_other_could_not_act(self, area, other_area, school, admin, what):
        other = RoleGrantFactory(
            role=Role.SYSTEM_ADMIN,
            local_area=other_area if what == "other area" else area,
            organisation=school if what == "one school" else None,
            ends_on=ON - DAY if what == "over" else None,
        )
        if what == "suspended":
            User.objects.filter(pk=other.person_id).update(suspended_at=AT)
        if what == "inactive":
            User.objects.filter(pk=other.person_id).update(is_active=False)

        assert is_last_administrator(admin, area, ON)
        with pytest.raises(UnableToEndRole):
            end_role(by=admin, grant=admin.role_grants.get(), ends_on=ON, at=AT)

    def test_may_go_once_another_is_there_on_the_day_after(self, area, admin):
        other = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area, ends_on=ON + 10 * DAY)
        own = admin.role_grants.get()

        assert not is_last_administrator(admin, area, ON)
        with pytest.raises(UnableToEndRole):
            end_role(by=admin, grant=own, ends_on=ON + 10 * DAY, at=AT)
        end_role(by=other.person, grant=own, ends_on=ON + 9 * DAY, at=AT)

        with pytest.raises(UnableToEndRole):
            end_role(by=admin, grant=other, ends_on=ON + 9 * DAY, at=AT)

    def test_an_account_that_closes_is_asked_about_too(self, area, admin):
        with pytest.raises(UnableToEndRole):
            end_role(by=None, grant=admin.role_grants.get(), ends_on=ON, at=AT)


class TestEditors:
    """Rights in the CMS hold on the days of the grant, whether or not anybody did anything."""

    def editor(self, area, **dates) -> User:
        made = grant_role(
            by=None,
            person=UserFactory(),
            role=Role.TRAINING_ADMIN,
            local_area=area,
            at=AT,
            **{"starts_on": ON} | dates,
        )
        return made.person

    def test_a_grant_that_ended_yesterday_opens_nothing_today(self, area, sign_in):
        with time_machine.travel(AT, tick=False):
            editor = self.editor(area, ends_on=ON)
            client = sign_in(editor)
            assert client.get("/cms/").status_code == 200
        with time_machine.travel(AT + DAY, tick=False):
            client = sign_in(editor)
            assert client.get("/cms/").status_code == 403
            assert client.get(f"/cms/pages/{area.root_page.pk}/edit/").status_code == 403
        assert not editor.groups.exists()

    def test_a_grant_that_begins_today_opens_it_today(self, area, sign_in):
        with time_machine.travel(AT, tick=False):
            editor = self.editor(area, starts_on=ON + DAY)
            assert sign_in(editor).get("/cms/").status_code == 403
        with time_machine.travel(AT + DAY, tick=False):
            assert sign_in(editor).get("/cms/").status_code == 200

    def test_who_edits_two_areas_loses_the_one_that_is_over(self, area, other_area, sign_in):
        editor = self.editor(area, ends_on=ON)
        grant_role(
            by=None,
            person=editor,
            role=Role.TRAINING_ADMIN,
            local_area=other_area,
            starts_on=ON,
            at=AT,
        )
        with time_machine.travel(AT + DAY, tick=False):
            client = sign_in(editor)
            here = client.get(f"/cms/pages/{area.root_page.pk}/edit/")
            there = client.get(f"/cms/pages/{other_area.root_page.pk}/edit/")

        assert here.status_code == 404
        assert there.status_code == 200

    def test_the_door_writes_nothing_where_nothing_changed(
        self, area, sign_in, django_assert_num_queries
    ):
        from accounts.services.editor_rights import recheck_editor_rights

        editor = self.editor(area)

        with django_assert_num_queries(3):
            assert not recheck_editor_rights(person=editor, on=ON)

    def test_the_daily_task_brings_all_up_to_date(self, area):
        gone, coming = self.editor(area, ends_on=ON), self.editor(area, starts_on=ON + DAY)
        staying = self.editor(area)

        with time_machine.travel(AT + DAY, tick=False):
            assert daily_task() == 2
            assert daily_task() == 0

        in_group = set(area.editors.user_set.all())
        assert in_group == {coming, staying}
        assert gone not in in_group

    def test_other_groups_are_left_alone(self, area):
        from django.contrib.auth.models import Group

        editor = self.editor(area, ends_on=ON)
        editor.groups.add(Group.objects.create(name="Choir"))

        project_all_editor_rights(on=ON + DAY)

        assert [group.name for group in editor.groups.all()] == ["Choir"]


def test_figures_of_the_whole_area_ask_for_the_whole_area(area, school, sign_in):
    everywhere = RoleGrantFactory(role=Role.EVALUATOR, local_area=area).person
    one_school = RoleGrantFactory(role=Role.EVALUATOR, local_area=area, organisation=school).person
    one_auditor = RoleGrantFactory(role=Role.AUDITOR, local_area=area, organisation=school).person

    assert sign_in(everywhere).get("/impact/").status_code == 200
    assert sign_in(one_school).get("/impact/").status_code == 403
    assert sign_in(one_auditor).get("/audit-log/").status_code == 403
