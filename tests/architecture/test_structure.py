"""The floor plan, kept by machine: what import-linter cannot see."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey

from core.checks import HOUSE_APPS

ROOT = Path(__file__).parent.parent.parent
# From the ground floor up; a foreign key points at the same floor or a lower one.
FLOORS = {
    name: floor
    for floor, name in enumerate(
        (
            "core",
            "accounts",
            "networks",
            "resources_repo",
            "courses",
            "cpd_tracking",
            "impact",
            "website",
        )
    )
}


def test_foreign_keys_point_downhill():
    uphill = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label in FLOORS
        and FLOORS[field.related_model._meta.app_label] > FLOORS[model._meta.app_label]
        # Wagtail's media remember who uploaded them; the person is Django's swappable user.
        and field.related_model is not get_user_model()
    ]

    assert uphill == []


def house_modules() -> list[Path]:
    return [
        path
        for app in (*HOUSE_APPS, "config")
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py"])
def test_there_is_no_drawer_for_odds_and_ends(name):
    assert [path for path in house_modules() if path.name == name] == []


def test_every_module_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in house_modules()
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]

    assert silent == []


def test_public_functions_of_the_domain_are_explained():
    unexplained = []
    for path in house_modules():
        domain = path.name in {"selectors.py", "services.py", "querysets.py", "permissions.py"}
        if not domain and not {"services", "selectors", "stats"} & set(path.parts):
            continue
        unexplained += [
            f"{path.relative_to(ROOT)}: {node.name}"
            for node in ast.parse(path.read_text()).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and ast.get_docstring(node) is None
        ]

    assert unexplained == []


def test_no_business_rule_hides_in_save():
    """A save() may keep a row from being rewritten, and says so; all else belongs in a service."""
    overriding = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in house_modules()
        if "models" in path.parts or path.name == "models.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef)
        and item.name == "save"
        and "integrity, not a business rule" not in (ast.get_docstring(item) or "")
    ]

    assert overriding == []
