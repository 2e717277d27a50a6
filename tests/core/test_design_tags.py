"""The tags behind the components: chips, sorting, shares, wrapping."""

import pytest
from django import forms
from django.http import QueryDict
from django.template import RequestContext, Template

from core.filter_chips import chips_of
from core.forms import GovukDateField, GovukForm
from core.templatetags.waymark import shares, theme_url


class TeamFilter(GovukForm):
    hide_optional = True
    status = forms.MultipleChoiceField(
        required=False, choices=[("overdue", "Overdue"), ("done", "Done")]
    )
    name = forms.CharField(required=False)
    since = GovukDateField(required=False, label="Since")


def _render(rf, source, query="", **variables):
    return Template("{% load waymark %}" + source).render(
        RequestContext(rf.get("/team/" + query), variables)
    )


def test_each_choice_is_a_chip_whose_link_takes_only_that_one_away():
    query = QueryDict("status=overdue&status=done&name=am&page=3")
    chips = {chip["label"]: chip["url"] for chip in chips_of(TeamFilter(query), query)}
    assert chips == {
        "Overdue": "?status=done&name=am",
        "Done": "?status=overdue&name=am",
        "Name: am": "?status=overdue&status=done",
    }


def test_a_date_is_one_chip():
    query = QueryDict("since_0=4&since_1=3&since_2=2026")
    assert chips_of(TeamFilter(query), query) == [{"label": "Since: 4 March 2026", "url": "?"}]


@pytest.mark.parametrize("raw", ["status=nonsense", "", "since_0=4&since_1=3&since_2="])
def test_a_wrong_or_missing_choice_gives_no_chip(raw):
    query = QueryDict(raw)
    assert chips_of(TeamFilter(query), query) == []


def test_a_second_press_turns_the_order_round_and_starts_at_page_one(rf):
    drawn = _render(
        rf,
        "{% include 'components/sort_header.html' with label='Due' field='due' only %}",
        "?order_by=due&status=overdue&page=4",
    )
    assert 'aria-sort="ascending"' in drawn
    assert "order_by=-due&amp;status=overdue" in drawn
    assert "page=" not in drawn


def test_a_column_that_does_not_sort_now_says_nothing(rf):
    drawn = _render(
        rf,
        "{% include 'components/sort_header.html' with label='Name' field='name' only %}",
        "?order_by=due",
    )
    assert "aria-sort" not in drawn
    assert "order_by=name" in drawn


def test_shares_of_a_bar_fill_it_and_nothing_is_no_bar():
    parts = [
        {"label": "Done", "value": 17, "status": "compliant"},
        {"label": "Late", "value": 3, "status": "overdue"},
    ]
    drawn = shares(parts)
    assert [(p["x"], p["width"], p["percent"], p["tone"]) for p in drawn] == [
        ("0.000", "85.000", 85, "done"),
        ("85.000", "15.000", 15, "overdue"),
    ]
    assert [p["width"] for p in shares([{"label": "Done", "value": 0}])] == ["0.000"]


def test_a_component_wraps_what_it_is_given_and_sees_nothing_else(rf):
    drawn = _render(
        rf,
        "{% component 'components/panel.html' title='Why' %}<p>{{ name }}</p>{% endcomponent %}",
        name="<b>Tom</b>",
        id="leaked",
    )
    assert "<h2>Why</h2>" in drawn
    assert "<p>&lt;b&gt;Tom&lt;/b&gt;</p>" in drawn
    assert "leaked" not in drawn


def test_the_title_says_error_first(rf):
    assert _render(rf, "{% error_prefix %}", form=TeamFilter({"status": ["x"]})) == "Error: "
    assert _render(rf, "{% error_prefix %}", form=TeamFilter()) == ""


class _Area:
    slug = "merrowdale"
    brand = "#1b5e4b"
    brand_ink = "#ffffff"
    tint = "#f7f5f0"


def test_only_an_area_with_colours_of_its_own_has_a_stylesheet():
    house, own, later = _Area(), _Area(), _Area()
    own.brand, later.brand = "#12436d", "#801650"
    assert theme_url(house) == ""
    assert theme_url(None) == ""
    assert theme_url(own).startswith("/theme/merrowdale")
    assert theme_url(own) != theme_url(later)
