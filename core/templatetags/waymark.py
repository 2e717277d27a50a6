"""Template tags of the design system: wrapping components, shares of a bar, filter chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# The five tones a bar can take, by status (docs/design-system.md lists the statuses).
_TONES = {
    "overdue": "overdue expired missed rejected fail error",
    "due": "due_soon in_grace at_risk awaiting warning waiting",
    "done": "done compliant qualified practising approved pass booked current success",
    "info": "in_progress info open",
}
_TONE_OF = {status: tone for tone, names in _TONES.items() for status in names.split()}


@register.simple_block_tag(takes_context=True)
def component(
    context: template.Context, content: str, template_name: str, **variables: Any
) -> SafeString:
    """Render a component around the words between the tags.

    The component sees only the variables passed, `content` and `csrf_token`.
    """
    inner = {
        **variables,
        # The block has been rendered, and so escaped, by the template that wrote it.
        "content": mark_safe(content.strip()),  # noqa: S308
        "csrf_token": context.get("csrf_token"),
    }
    found = get_template(template_name).template  # type: ignore[attr-defined]
    return SafeString(found.render(context.new(inner)))


@register.filter
def shares(parts: Iterable[Any]) -> list[dict[str, Any]]:
    """Give each part of a bar its start and width in per cent, its tone and its rounded share.

    `parts` are mappings or objects with `label`, `value` and `status`; values are not negative.
    """
    rows = [(_get(p, "label"), float(_get(p, "value") or 0), _get(p, "status")) for p in parts]
    total = sum(value for _, value, _ in rows)
    drawn: list[dict[str, Any]] = []
    start = 0.0
    for label, value, status in rows:
        width = 100 * value / total if total else 0.0
        drawn.append(
            {
                "label": label,
                "value": int(value) if value.is_integer() else value,
                "tone": _TONE_OF.get(str(status), "quiet"),
                "x": f"{start:.3f}",
                "width": f"{width:.3f}",
                "percent": round(width),
            }
        )
        start += width
    return drawn


def _get(part: Any, name: str) -> Any:
    return part.get(name) if isinstance(part, Mapping) else getattr(part, name, None)


@register.simple_tag(takes_context=True)
def filter_chips(context: template.Context, form: BaseForm | None) -> list[dict[str, str]]:
    """List the choices a bound GET form has made: `label` and the `url` that removes each one.

    Hidden fields and empty answers give no chip; the page number is dropped from every link.
    """
    if form is None or not form.is_bound:
        return []
    form.is_valid()
    request = getattr(context, "request", None)
    query: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    chips: list[dict[str, str]] = []
    for field in form.visible_fields():
        keys = [key for key in query if key == field.html_name or _part_of(key, field.html_name)]
        if not keys or field.name not in getattr(form, "cleaned_data", {}):
            continue
        if len(keys) > 1 or keys[0] != field.html_name:
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
