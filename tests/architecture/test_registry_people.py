"""Every link to a person is declared, so that copies, merges and erasure forget nobody."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from accounts.models import Organisation, User
from core import registry
from core.registry import OnErase, OnMerge, PersonalData, field_at

ENTRIES = list(registry.personal_data())
NAMES = [f"{entry.model}.{entry.field}" for entry in ENTRIES]


def test_every_link_to_a_person_is_declared():
    everything = registry.undeclared(person=User, organisation=Organisation)
    to_people = [
        name
        for name in everything
        if apps.get_model(name.rpartition(".")[0])
        ._meta.get_field(name.rpartition(".")[2])
        .related_model
        is User
    ]

    assert to_people == [], "declare these in the app's personal_data.py"


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_a_declaration_names_what_exists(entry):
    model = registry.model_of(entry.model)

    assert field_at(model, entry.field).related_model is User
    carried = [column.lookup for column in entry.carried.columns] if entry.carried else []
    for path in (*entry.columns, *entry.clears, *carried, *filter(None, [entry.ends])):
        try:
            field_at(model, path)
        except FieldDoesNotExist as error:
            pytest.fail(f"{entry.model}: {error}")


@pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
def test_what_is_cleared_can_be_empty(entry):
    model = registry.model_of(entry.model)

    for name in entry.clears:
        field = model._meta.get_field(name)
        assert field.null or field.empty_strings_allowed or field.has_default(), (entry.model, name)


def test_no_other_persons_name_is_in_a_copy_but_the_line_managers():
    names = [
        f"{entry.model}.{column}"
        for entry in ENTRIES
        for column in {
            *entry.columns,
            *(each.lookup for each in (entry.carried.columns if entry.carried else ())),
        }
        if "__" in column and field_at(registry.model_of(entry.model), column).model is User
    ]

    assert sorted(names) == [
        "accounts.Post.line_manager__family_name",
        "accounts.Post.line_manager__given_name",
    ]


def test_a_row_that_follows_another_does_not_move_by_itself():
    with pytest.raises(ValueError, match="follows another row"):
        PersonalData(
            model="courses.Statement",
            field="attempt__person",
            title="Statements",
            on_merge=OnMerge.MOVE,
            on_erase=OnErase.DELETE,
        )


def test_what_stays_says_why():
    with pytest.raises(ValueError, match="must say why"):
        PersonalData(
            model="courses.Attempt",
            field="person",
            title="Tries",
            on_merge=OnMerge.MOVE,
            on_erase=OnErase.KEEP,
        )
