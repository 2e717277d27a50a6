"""The director's path in a real browser: by keyboard, on both screens, without serious findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import LocalArea
from impact.enums import AnalysisStatus
from impact.models import Analysis
from impact.services.evaluation import lock_plan
from impact.services.importing import import_la_panel, import_neighbours
from tests.factories.impact import write_neighbours, write_panel
from tests.factories.impact_area import AT, make_director
from tests.impact.test_screens import make_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESULT = {
    "reasons": ["The checks pass and the interval includes no difference."],
    "checks": [
        {"status": "pass", "title": "18 trained schools and 23 to compare with", "detail": "Good."},
        {"status": "warning", "title": "2019/20 and 2020/21 left out", "detail": "Closed."},
    ],
    "estimate": {
        "percent": -12,
        "lower": -28,
        "upper": 8,
        "permutation_p": 0.21,
        "clustered_p": 0.11,
        "clustered": [-25, 3],
        "opinions": [
            {"method": "Imputation", "percent": -9, "limits": [-22, 5], "crosses_zero": True}
        ],
    },
    "smallest_change": "A fall of about 30 % would have been seen four times out of five.",
    "series": [
        {"arm": "trained", "schools": 18, "rates": [3.1, 3.4, 2.9, 2.5]},
        {"arm": "comparison", "schools": 23, "rates": [3.0, 3.2, 3.1, None]},
    ],
    "first_trained": "2018/19",
    "event_study": [],
    "methods": {
        "seed": 1,
        "draws": 999,
        "schools": 41,
        "years": ["2016/17", "2017/18", "2018/19", "2021/22"],
        "libraries": {"pyfixest": "0"},
        "inputs_sha256": "0" * 64,
    },
}


def test_a_director_reads_a_trend_and_an_answer(
    area: LocalArea,
    browse: Callable[..., Any],
    screen: tuple[int, int],
    accessible: Callable[[Any], None],
    tmp_path: Path,
) -> None:
    import_la_panel(path=write_panel(tmp_path), at=AT)
    import_neighbours(path=write_neighbours(tmp_path), at=AT)
    director = make_director(area)
    plan = lock_plan(plan=make_plan(area, director), by=director, at=AT)
    Analysis.objects.create(
        plan=plan,
        status=AnalysisStatus.DONE,
        requested_at=AT,
        finished_at=AT,
        seed=1,
        grade="no_clear_difference",
        answer="No clear difference.",
        result=RESULT,
    )
    page = browse(director, screen)

    page.goto("/impact/")
    accessible(page)
    page.get_by_role("link", name="Other measures and places").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/impact/trend/")
    if screen[0] < 640:
        page.get_by_text("Choose a place and a measure").click()
    page.get_by_label("Local authority").select_option("310")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**area=310**")
    assert page.get_by_role("heading", level=1).inner_text() == "Suspensions, all schools: Harrow"
    page.get_by_text("Show as table").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("row", name="2023/24").is_visible()
    accessible(page)

    page.goto(f"/impact/questions/{plan.pk}/")
    assert page.get_by_text("18 trained schools and 23 to compare with").is_visible()
    assert not page.get_by_text("p = 0.21 from shuffling").is_visible()
    page.get_by_text("Methods", exact=True).focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("p = 0.21 from shuffling").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
    accessible(page)
