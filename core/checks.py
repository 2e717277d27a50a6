"""House rules as Django system checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from wagtail.models import Page

from core.pages import GuardedPage

HOUSE_APPS = (
    "core",
    "accounts",
    "networks",
    "resources_repo",
    "courses",
    "cpd_tracking",
    "impact",
    "website",
)


@register()
def pages_are_guarded(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Every page type of ours inherits GuardedPage, so that none is served past `visible_to`."""
    return [
        Error(
            f"{model.__name__} must inherit core.pages.GuardedPage.",
            obj=model,
            id="core.E001",
        )
        for model in apps.get_models()
        if model._meta.app_label in HOUSE_APPS
        and issubclass(model, Page)
        and not issubclass(model, GuardedPage)
    ]
