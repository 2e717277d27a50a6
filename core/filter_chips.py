"""The choices a filter form has made, as chips that can be taken off one by one."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import QueryDict


def chips_of(form: BaseForm | None, query: QueryDict) -> list[dict[str, str]]:
    """List the choices a bound GET form has made: `label` and the `url` that removes each one.

    Hidden fields and empty answers give no chip; the page number is dropped from every link.
    """
    if form is None or not form.is_bound:
        return []
    form.is_valid()
    query = query.copy()
    query.pop("page", None)
    chips: list[dict[str, str]] = []
    for field in form.visible_fields():
        keys = [key for key in query if key == field.html_name or _part_of(key, field.html_name)]
        if not keys or field.name not in form.cleaned_data:
            continue
        if keys != [field.html_name]:
            value = form.cleaned_data[field.name]
            if value not in (None, ""):
                words = f"{value:%-d %B %Y}" if hasattr(value, "strftime") else str(value)
                chips.append(
                    {"label": f"{field.label}: {words}", "url": _without(query, keys, None)}
                )
            continue
        chips.extend(
            {"label": _words(field, raw), "url": _without(query, keys, raw)}
            for raw in query.getlist(keys[0])
            if raw
        )
    return chips


def _part_of(key: str, name: str) -> bool:
    return key.startswith(f"{name}_") and key[len(name) + 1 :].isdigit()


def _words(field: Any, raw: str) -> str:
    choices = getattr(field.field, "choices", None)
    if choices is None:
        is_tick = field.field.widget.__class__.__name__ == "CheckboxInput"
        return str(field.label) if is_tick else f"{field.label}: {raw}"
    for value, label in choices:
        group = label if isinstance(label, list | tuple) else [(value, label)]
        for one, words in group:
            if str(one) == raw:
                return str(words)
    return raw


def _without(query: QueryDict, keys: list[str], raw: str | None) -> str:
    rest = query.copy()
    for key in keys:
        kept = [value for value in rest.getlist(key) if raw is not None and value != raw]
        if kept:
            rest.setlist(key, kept)
        else:
            rest.pop(key, None)
    return "?" + rest.urlencode()
