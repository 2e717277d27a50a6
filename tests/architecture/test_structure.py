"""The floor plan, kept by machine: what import-linter cannot see."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
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
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.FunctionDef)
                and not node.name.startswith("_")
                and ast.get_docstring(node) is None
            ):
                unexplained.append(f"{path.relative_to(ROOT)}: {node.name}")

    # Nested functions are private to their parent and may stay unexplained.
    assert unexplained == []


def test_no_business_rule_hides_in_save():
    overriding = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in house_modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name == "save"
        # Append-only models refuse to be rewritten: that is integrity, not a rule.
        and "append-only" not in path.read_text()
        and "immutable" not in path.read_text().lower()
        and not any("Form" in ast.unparse(base) for base in node.bases)
    ]

    assert overriding == []
