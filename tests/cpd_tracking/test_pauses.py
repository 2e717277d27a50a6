"""Leave and return through the screens: out of the count, 30 days on return, never why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import JobRole, Role
from accounts.models import LocalArea, Organisation, Post, User
from cpd_tracking.building import build_obligations
from cpd_tracking.models import Obligation, Pause
from cpd_tracking.selectors.leave import absences_of
from cpd_tracking.selectors.setting import setting_overview
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import make_person_rule, make_rule, make_topic

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def lead(area: LocalArea, school: Organisation) -> User:
    person = UserFactory(given_name="Nadia", family_name="Ferreira")
    PostFactory(person=person, organisation=school, job_role=JobRole.SENCO)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


@pytest.fixture
def client(lead, sign_in):
    return sign_in(lead)


@pytest.fixture
def away(area: LocalArea, school: Organisation, today: dt.date) -> User:
    """A teacher for 400 days; a rule of the post and one of the person are due in 10 days."""
    terms = {"due_count": 410, "validity_months": None}
    audience = {"job_roles": [JobRole.TEACHER]}
    make_rule(area, make_topic(area, "Of the post"), "POST", audience=audience, **terms)
    make_person_rule(area, make_topic(area, "Of the person"), "PERSON", audience=audience, **terms)
    post = PostFactory(organisation=school, starts_on=today - 400 * DAY)
    build_obligations(at=today)
    return post.person


def days(**fields: dt.date) -> dict[str, str]:
    return {
        f"{name}_{place}": str(part)
        for name, day in fields.items()
        for place, part in enumerate((day.day, day.month, day.year))
    }


def url_of(person: User, name: str = "pauses", *more: int) -> str:
    return reverse(f"cpd_tracking:{name}", args=[person.public_id, *more])


def post_of(person: User) -> int:
    return person.posts.first().pk


def of(person: User, key: str, on: dt.date) -> Obligation:
    return Obligation.objects.current(on).with_status(on).get(learner=person, requirement__key=key)


def test_who_is_away_is_out_of_the_count_and_has_thirty_days_on_return(
    client, lead, school, away, today
):
    before = {line.requirement.key: line.counted for line in setting_overview(lead, school, today)}
    assert before == {"POST": 1, "PERSON": 1}

    client.post(url_of(away), {"post": post_of(away), **days(starts_on=today - 90 * DAY)})

    assert {of(away, key, today).status for key in ("POST", "PERSON")} == {"paused"}
    assert [line.counted for line in setting_overview(lead, school, today) if line.counted] == []
    people = client.get("/people/?show=away").context["rows"]
    assert [row.person for row in people] == [away]

    pause = Pause.objects.get()
    client.post(url_of(away, "resume", pause.pk), days(back_on=today))

    pause.refresh_from_db()
    assert pause.ends_on == today - DAY
    for key in ("POST", "PERSON"):
        row = of(away, key, today)
        assert row.due_on >= today + 30 * DAY
        assert row.status in ("due_soon", "not_due")
    assert client.get("/people/?show=away").context["rows"] == []


def test_a_short_absence_still_leaves_thirty_days(client, away, today):
    client.post(
        url_of(away),
        {
            "post": post_of(away),
            **days(starts_on=today - 5 * DAY, last_day_away=today - DAY),
        },
    )
    assert of(away, "POST", today).due_on == today + 30 * DAY


def test_no_reason_is_asked_nor_kept(client, away, today):
    page = client.get(url_of(away)).content.decode()
    assert "You are not asked why" in page
    assert {field.name for field in Pause._meta.fields} == {
        "id",
        "person",
        "post",
        "recorded_at",
        "recorded_by",
        "starts_on",
        "ends_on",
    }
    client.post(
        url_of(away), {"post": post_of(away), "reason": "ill", **days(starts_on=today - DAY)}
    )
    assert "ill<" not in client.get(url_of(away)).content.decode()


def test_leave_of_one_of_two_employers_pauses_one_post_only(area, client, away, school, today):
    elsewhere = OrganisationFactory(local_area=area, name="Bramblewick Primary")
    other = PostFactory(person=away, organisation=elsewhere, starts_on=today - 400 * DAY)
    build_obligations(person_ids=[away.pk], at=today)
    mine = away.posts.get(organisation=school)

    page = client.get(url_of(away)).content.decode()
    client.post(url_of(away), {"post": mine.pk, **days(starts_on=today - DAY)})

    assert "Bramblewick" not in page
    assert Pause.objects.get().post == mine
    rows = Obligation.objects.current(today).with_status(today).filter(learner=away)
    assert rows.get(post=mine).status == "paused"
    assert rows.get(post=other).status != "paused"
    assert rows.get(requirement__key="PERSON").status != "paused"


def test_another_employers_post_is_not_paused(area, client, away, school, today):
    elsewhere = OrganisationFactory(local_area=area)
    other = PostFactory(person=away, organisation=elsewhere)
    response = client.post(url_of(away), {"post": other.pk, **days(starts_on=today)})
    assert "Select a valid choice" in response.content.decode()
    assert not Pause.objects.exists()


def test_the_next_employer_is_not_told_of_earlier_leave(client, away, area, today):
    client.post(url_of(away), {"post": post_of(away), **days(starts_on=today - 60 * DAY)})
    pause = Pause.objects.get()
    client.post(url_of(away, "resume", pause.pk), days(back_on=today - 30 * DAY))
    later = PostFactory(
        person=away, organisation=OrganisationFactory(local_area=area), starts_on=today - 5 * DAY
    )
    assert absences_of(away, [later], today) == []
    assert len(absences_of(away, [away.posts.order_by("starts_on")[0]], today)) == 1


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (-10, -20, "must not be before the first"),
        (-900, None, "before the first day of the post"),
        (-40_000, None, "Check the year"),
        (-10, None, "already"),
    ],
)
def test_wrong_dates_are_refused(client, away, today, first, last, message):
    form = {"post": post_of(away), **days(starts_on=today - 20 * DAY, last_day_away=today - DAY)}
    client.post(url_of(away), form)
    wrong = {"post": post_of(away), **days(starts_on=today + first * DAY)}
    if last is not None:
        wrong |= days(last_day_away=today + last * DAY)
    assert message in client.post(url_of(away), wrong).content.decode()
    assert Pause.objects.count() == 1


def test_a_return_before_the_leave_is_refused(client, away, today):
    client.post(url_of(away), {"post": post_of(away), **days(starts_on=today)})
    pause = Pause.objects.get()
    page = client.post(url_of(away, "resume", pause.pk), days(back_on=today)).content.decode()
    assert "must be after the first day away" in page


def test_leave_recorded_by_mistake_is_as_if_it_had_never_been(client, away, today):
    due_on = of(away, "POST", today).due_on
    client.post(
        url_of(away),
        {"post": post_of(away), **days(starts_on=today - 50 * DAY, last_day_away=today - DAY)},
    )
    assert of(away, "POST", today).due_on != due_on
    client.post(url_of(away, "pause_remove", Pause.objects.get().pk))
    assert not Pause.objects.exists()
    assert of(away, "POST", today).due_on == due_on


def test_nobody_records_their_own_leave(client, lead, today):
    page = client.get(url_of(lead)).content.decode()
    assert "Record leave" not in page
    response = client.post(url_of(lead), {"post": post_of(lead), **days(starts_on=today)})
    assert response.status_code == 403
    assert not Pause.objects.exists()


def test_a_sibling_lead_a_line_manager_and_a_colleague_reach_no_leave(
    area, client, away, school, sign_in, today
):
    client.post(url_of(away), {"post": post_of(away), **days(starts_on=today - DAY)})
    pause = Pause.objects.get()
    sibling = RoleGrantFactory(
        role=Role.SETTING_LEAD,
        local_area=area,
        organisation=OrganisationFactory(local_area=area),
    ).person
    manager = PostFactory(organisation=school).person
    Post.objects.filter(person=away).update(line_manager=manager)
    for person, status in ((sibling, 404), (manager, 403)):
        other = sign_in(person)
        assert other.get(url_of(away)).status_code == status
        for name in ("resume", "pause_remove"):
            url = url_of(away, name, pause.pk)
            assert other.post(url, days(back_on=today)).status_code == status
    pause.refresh_from_db()
    assert pause.ends_on is None


def test_a_pause_of_somebody_else_is_not_there(client, away, school, today):
    other = PostFactory(organisation=school).person
    client.post(url_of(away), {"post": post_of(away), **days(starts_on=today - DAY)})
    pause = Pause.objects.get()
    assert client.post(url_of(other, "pause_remove", pause.pk)).status_code == 404
    assert Pause.objects.exists()
