"""What rooms declare is taken once, moves what is open, and a link nobody declared is found."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import Organisation, RetentionRun, RoleProposal, User
from core import clock, registry
from core.registry import (
    Change,
    DeclaredTwice,
    OnErase,
    OnMerge,
    PersonalData,
    Retained,
    declare,
    moving,
)
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def proposal(area, person, by, **fields):
    return RoleProposal.objects.create(
        person=person,
        local_area=area,
        role=Role.SYSTEM_ADMIN,
        starts_on=clock.today(),
        proposed_at=clock.now(),
        proposed_by=by,
        **fields,
    )


def test_the_same_field_is_not_declared_twice():
    again = PersonalData(
        model="Accounts.post",
        field="person",
        title="Posts",
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    )

    with pytest.raises(DeclaredTwice):
        declare(again)


def test_the_same_kind_of_record_is_not_declared_twice():
    kind = next(registry.retained())

    with pytest.raises(DeclaredTwice):
        declare(
            Retained(
                key=kind.key,
                title="Again",
                months=1,
                basis="",
                due=kind.due,
                dispose=kind.dispose,
            )
        )


def test_a_link_that_nobody_declared_is_found(monkeypatch):
    monkeypatch.delitem(registry._registry.people, ("networks.message", "author"))

    assert "networks.Message.author" in registry.undeclared(person=User, organisation=Organisation)


def test_what_waits_goes_over_so_that_nobody_approves_their_own(area):
    kept, merged, other = UserFactory.create_batch(3)
    waits = proposal(area, other, merged)
    decided = proposal(area, other, merged, decided_at=clock.now(), decided_by=kept)
    move = moving("accounts.RoleProposal", "proposed_by", decided_at__isnull=True)

    changes = move(kept, merged)

    waits.refresh_from_db()
    decided.refresh_from_db()
    assert waits.proposed_by == kept
    assert decided.proposed_by == merged, "who acted is history"
    assert changes == [Change("accounts.RoleProposal", waits.pk, "proposed_by", merged.pk, kept.pk)]


def test_a_row_that_a_constraint_forbids_stays_behind(area):
    kept, merged = UserFactory.create_batch(2)
    run = RetentionRun.objects.create(
        due_on=clock.today(), proposed_at=clock.now(), proposed_by=merged, decided_by=kept
    )

    changes = moving("accounts.RetentionRun", "proposed_by")(kept, merged)

    run.refresh_from_db()
    assert (changes, run.proposed_by) == ([], merged)


def test_every_kind_has_a_name_of_its_own_in_the_copy():
    titles = [
        entry.title
        for entry in registry.personal_data()
        if entry.is_about_them and not entry.withheld
    ]

    assert len(titles) == len(set(titles))


def test_the_sections_of_the_record_have_keys_and_places_of_their_own():
    carried = [entry.carried for entry in registry.personal_data() if entry.carried is not None]

    assert len({each.key for each in carried}) == len(carried)
    assert len({each.place for each in carried}) == len(carried)
