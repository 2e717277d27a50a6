"""Rows that are written once are not rewritten, whichever room they belong to."""

from __future__ import annotations

import pytest
from django.apps import apps

from core.append_only import AppendOnly, Permanent

ONCE = [model for model in apps.get_models() if issubclass(model, AppendOnly)]


def test_the_rooms_that_promise_it_use_it():
    assert {model._meta.label for model in ONCE} >= {
        "accounts.AuditEvent",
        "courses.Statement",
        "courses.Completion",
        "courses.CourseVersion",
        "cpd_tracking.LearningRecord",
        "resources_repo.ResourceVersion",
    }


@pytest.mark.parametrize("model", ONCE, ids=lambda model: model.__name__)
def test_a_row_that_exists_is_not_saved_again(model):
    with pytest.raises(TypeError, match=r"\w"):
        model(pk=1).save()


@pytest.mark.parametrize(
    "model", [model for model in ONCE if issubclass(model, Permanent)], ids=lambda m: m.__name__
)
def test_a_permanent_row_is_not_deleted(model):
    with pytest.raises(TypeError, match=r"\w"):
        model(pk=1).delete()
