"""Every link to an organisation says what becomes of it when a school becomes another."""

from __future__ import annotations

from django.apps import apps

from accounts.models import Organisation, User
from core.append_only import Permanent
from core.registry import OnMove, model_of, organisation_data, undeclared


def links_to_organisations() -> set[tuple[str, str]]:
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        for field in model._meta.local_fields
        if field.related_model is Organisation
    }


def test_no_link_to_an_organisation_is_forgotten():
    of_organisations = {f"{model}.{field}" for model, field in links_to_organisations()}

    missing = set(undeclared(person=User, organisation=Organisation)) & of_organisations

    assert missing == set()


def test_nothing_is_declared_that_is_not_there():
    declared = {(model_of(entry.model)._meta.label, entry.field) for entry in organisation_data()}

    assert declared <= links_to_organisations()


def test_what_is_written_once_never_moves():
    moving = [entry for entry in organisation_data() if entry.on_move is OnMove.MOVE]

    assert moving, "something goes over"
    assert [entry.model for entry in moving if issubclass(model_of(entry.model), Permanent)] == []
