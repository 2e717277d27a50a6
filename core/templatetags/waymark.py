"""Template tags of the design system: wrapping components, shares of a bar, filter chips."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import QueryDict
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from core.filter_chips import chips_of
from core.forms import in_house_style

register = template.Library()

# The five tones a bar can take, by status (docs/design-system.md lists the statuses).
_TONES = {
    "overdue": "overdue expired missed rejected fail error",
    "due": "due_soon in_grace at_risk awaiting warning waiting",
    "done": "done compliant qualified practising approved pass booked current success",
    "info": "in_progress info open",
}
_TONE_OF = {status: tone for tone, names in _TONES.items() for status in names.split()}

_HOUSE = ["#1b5e4b", "#ffffff", "#f7f5f0"]
_GRADES = {
    "insufficient": "Not enough to say",
    "descriptive": "A description only",
    "no_clear_difference": "No clear difference",
    "suggestive": "Suggestive",
    "consistent": "Consistent",
}


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


@register.filter
def hint_of(hints: Mapping[str, str] | None, value: Any) -> str:
    """Return the hint of one choice, by its value."""
    return str((hints or {}).get(str(value), ""))


def _get(part: Any, name: str) -> Any:
    return part.get(name) if isinstance(part, Mapping) else getattr(part, name, None)


@register.simple_tag(takes_context=True)
def filter_chips(context: template.Context, form: BaseForm | None) -> list[dict[str, str]]:
    """List the choices a GET form has made (see core.filter_chips)."""
    return chips_of(form, _query(context))


@register.simple_tag(takes_context=True)
def sort_link(
    context: template.Context, field: str, current: str = "", param: str = "order_by"
) -> dict[str, str]:
    """Give the link that sorts by a column, and the column's present direction if it has one.

    A second press turns the order round; the page number is dropped.
    """
    query = _query(context).copy()
    now = current or query.get(param, "")
    query.pop("page", None)
    query[param] = f"-{field}" if now == field else field
    direction = {field: "ascending", f"-{field}": "descending"}.get(now, "")
    return {"url": "?" + query.urlencode(), "direction": direction}


@register.simple_tag
def page_range(page_obj: Page) -> list[int | None]:
    """List the page numbers to show; None stands for a gap."""
    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def all_errors(form: Any = None, forms: Any = None, errors: Any = None) -> list[dict[str, str]]:
    """Gather the errors of one form, several forms, or a ready list, in the order of the page."""
    found: list[dict[str, str]] = list(errors or [])
    for one in [*([form] if form else []), *(forms or [])]:
        if getattr(one, "is_bound", False) and one.errors:
            found.extend(one.error_list() if hasattr(one, "error_list") else _listed(one))
    if forms and hasattr(forms, "non_form_errors"):
        found.extend({"text": str(error), "id": ""} for error in forms.non_form_errors())
    return found


def _listed(form: BaseForm) -> list[dict[str, str]]:
    """List the errors of a form that is not one of ours (allauth's, for example)."""
    return [
        {
            "text": str(error),
            "id": form[name].id_for_label or form[name].auto_id if name in form.fields else "",
        }
        for name, messages in form.errors.items()
        for error in messages
    ]


@register.simple_tag
def house_fields(form: BaseForm, without_hints: bool = False) -> dict[str, list[Any]]:
    """Give the fields of a form that is not ours, drawn our way: `visible` and `hidden`."""
    drawn = in_house_style(form)
    for field in drawn.fields.values() if without_hints else []:
        field.help_text = ""
    return {
        "visible": [field.as_field_group() for field in drawn.visible_fields()],
        "hidden": drawn.hidden_fields(),
    }


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """Return "Error: " for the title of a page whose form was refused."""
    forms = [context.get("form"), *(context.get("forms") or [])]
    wrong = any(getattr(one, "is_bound", False) and one.errors for one in forms)
    return "Error: " if wrong or context.get("has_errors") else ""


@register.simple_tag
def theme_url(local_area: Any) -> str:
    """Return the address of an area's own colours, or nothing if it has the house's."""
    colours = [getattr(local_area, name, "") for name in ("brand", "brand_ink", "tint")]
    if not all(colours) or [colour.lower() for colour in colours] == _HOUSE:
        return ""
    digest = hashlib.sha256("".join(colours).encode()).hexdigest()[:8]
    try:
        return reverse("website:area-theme", args=[local_area.slug, digest])
    except NoReverseMatch:
        return ""


@register.simple_tag
def grade_of(grade: str) -> dict[str, Any]:
    """Give the words of an evidence grade and how many of its five steps are filled."""
    names = list(_GRADES)
    place = names.index(grade) if grade in names else 0
    return {"label": _GRADES.get(grade, grade), "steps": [step <= place for step in range(5)]}


def _query(context: template.Context) -> QueryDict:
    request = getattr(context, "request", None)
    return request.GET if request else QueryDict()
