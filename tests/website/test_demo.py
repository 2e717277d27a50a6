"""The demo: the arithmetic of Merrowdale, the same for the same seed, and built only once."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from accounts.enums import JobRole, OrganisationKind, Phase
from accounts.models import AuditEvent, LocalArea, Organisation, OrganisationLink, Post, User
from core import clock
from tests.factories.accounts import make_area
from website.demo import places, staffing
from website.demo.cast import ADMINISTRATORS, BY_KEY, CAST, ON_SIGN_IN_PAGE
from website.demo.merrowdale import UnableToBuildDemo, build_demo, built_as
from website.demo.training import a_year_before, last_september
from website.models import StandardPage

TODAY = dt.date(2026, 11, 21)


def build(stage: str = "empty", seed: int = 7) -> bool:
    at = dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC)
    return build_demo(stage=stage, seed=seed, today=TODAY, at=at)


def test_there_are_59_schools_a_pru_and_an_ap() -> None:
    settings = places.schools(random.Random(7))
    kinds = Counter((place.kind, place.phase) for place in settings)
    assert kinds == {
        (OrganisationKind.NURSERY_SCHOOL, Phase.NURSERY): 1,
        (OrganisationKind.SCHOOL, Phase.PRIMARY): 41,
        (OrganisationKind.SCHOOL, Phase.SECONDARY): 13,
        (OrganisationKind.SPECIAL_SCHOOL, Phase.NOT_APPLICABLE): 4,
        (OrganisationKind.PRU, Phase.NOT_APPLICABLE): 1,
        (OrganisationKind.ALTERNATIVE_PROVISION, Phase.NOT_APPLICABLE): 1,
    }
    assert [place.urn for place in settings] == list(range(900_001, 900_062))
    assert {place.ward for place in settings} == set(places.WARDS)


def test_there_are_3000_staff_whatever_the_seed() -> None:
    for seed in (7, 8):
        settings = places.schools(random.Random(seed))
        staff = staffing.staff_of_schools(settings, random.Random(seed))
        roles: Counter[str] = Counter()
        for school in staff:
            roles.update(school.roles)
            assert all(number >= 0 for number in school.roles.values())
        assert roles.total() == 2_520
        assert roles[JobRole.SENCO] == 61
        assert roles[JobRole.TEACHING_ASSISTANT] + roles[JobRole.ELSA] == 830
        assert roles[JobRole.ELSA] == 34
    in_cast = Counter(post.organisation for member in CAST for post in member.posts[:1])
    teams = {
        team: sum(number for _, _, number in rows) + in_cast[team]
        for team, rows in staffing.TEAMS.items()
    }
    social_care = ("social_care", "assessment", "front_door", "safeguarding_east")
    social_care += ("safeguarding_west", "disabled_children", "cared_for", "leaving_care")
    assert sum(teams[team] for team in (*social_care, "early_help")) == 170
    assert teams["assessment"] == 24
    assert sum(teams[team] for team in ("eps", "mhp", "therapies")) == 70


@pytest.mark.parametrize("total", [0, 1, 7, 2_520])
def test_shares_add_up(total: int) -> None:
    parts = staffing.share_out(total, [1.5, 2.5, 0.1, 9.0])
    assert sum(parts) == total
    assert min(parts) >= 0


def test_everybody_on_the_sign_in_page_is_fictional_and_known() -> None:
    assert set(ON_SIGN_IN_PAGE) <= set(BY_KEY)
    assert all(member.email.endswith("@merrowdale.example") for member in CAST)
    assert set(ADMINISTRATORS) <= set(BY_KEY)


def test_the_empty_stage_has_the_area_its_places_and_administrators(db: None) -> None:
    assert build()
    area = LocalArea.objects.get()
    assert (area.code, area.site.is_default_site) == ("999", True)
    assert set(User.objects.values_list("email", flat=True)) == {
        f"{key}@merrowdale.example" for key in ADMINISTRATORS
    }
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Organisation.objects.in_area(area).count() == 212
    assert OrganisationLink.objects.count() == 2
    assert StandardPage.objects.live().count() == 4
    assert built_as() == ("empty", 7)


def test_building_twice_changes_nothing(db: None) -> None:
    build()
    before = (
        list(User.objects.order_by("pk").values_list("email", "public_id")),
        Post.objects.count(),
        AuditEvent.objects.count(),
    )
    assert build() is False
    after = (
        list(User.objects.order_by("pk").values_list("email", "public_id")),
        Post.objects.count(),
        AuditEvent.objects.count(),
    )
    assert after == before


def test_another_seed_or_stage_needs_another_database(db: None) -> None:
    build()
    with pytest.raises(UnableToBuildDemo, match="stage empty, seed 7"):
        build(seed=8)
    with pytest.raises(UnableToBuildDemo, match="empty database"):
        build(stage="year")


def test_an_area_that_is_not_the_demos_is_left_alone(db: None) -> None:
    make_area("Eastmarch", "998")
    with pytest.raises(UnableToBuildDemo, match="the demo did not make"):
        build()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("today", "september"),
    [
        (dt.date(2026, 8, 31), dt.date(2025, 9, 1)),
        (dt.date(2026, 9, 1), dt.date(2026, 9, 1)),
        (dt.date(2028, 2, 29), dt.date(2027, 9, 1)),
    ],
)
def test_the_school_year_begins_in_september(today: dt.date, september: dt.date) -> None:
    assert last_september(today) == september
    assert a_year_before(today) < today


@pytest.mark.slow
def test_the_cast_has_a_story_on_any_day(db: None) -> None:
    """Tom has two things overdue and something due soon; Colm's team 7 overdue and 4 due."""
    from cpd_tracking.selectors.learner import my_learning
    from cpd_tracking.selectors.team import GridFilters, team_grid

    at = clock.now()
    today = clock.london_date(at)
    build_demo(stage="sample", seed=7, today=today, at=at)
    area = LocalArea.objects.get()
    tom, colm, nadia = (
        User.objects.get(email=f"{key}@merrowdale.example") for key in ("tom", "colm", "nadia")
    )
    tasks = my_learning(tom, today, local_area=area).tasks
    assert sum(task.words.is_late for task in tasks) == 2
    assert "12 days late" in [task.words.status_label for task in tasks]
    stats = team_grid(colm, GridFilters(), today, local_area=area).stats
    assert (stats.people, stats.late, stats.due) == (24, 7, 4)
    assert team_grid(nadia, GridFilters(), today, local_area=area).stats.people == 64
