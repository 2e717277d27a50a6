"""The world a benchmark runs on: Merrowdale, filled up to a given number of people."""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import django

BATCH = 2_000


@dataclass(frozen=True)
class BenchPage:
    """A page to measure: its path, the person who looks, and the headers that sign them in."""

    path: str
    person: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def prepare(*, people: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Make the database if need be, seed the demo, fill up to `people`; return what is in it."""
    _create_database()
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed_demo", stage="year", seed=7, stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)
    _fill_up(people, say)
    _analyse()

    from accounts.models import Post, User
    from courses.models import Course
    from cpd_tracking.models import LearningRecord, Obligation
    from resources_repo.models import ResourcePage

    return {
        "people": User.objects.count(),
        "posts": Post.objects.count(),
        "learning_records": LearningRecord.objects.count(),
        "obligations": Obligation.objects.count(),
        "courses": Course.objects.count(),
        "resources": ResourcePage.objects.live().count(),
        "database": "PostgreSQL",
    }


def pages() -> dict[str, BenchPage]:
    """Return the pages to measure, by the name of their peer."""
    from accounts.models import User
    from courses.models import CoursePage, LessonPage
    from resources_repo.models import ResourceIndexPage

    tom = User.objects.get(email="tom@merrowdale.example")
    colm = User.objects.get(email="colm@merrowdale.example")
    imogen = _administrator()
    course = CoursePage.objects.live().get(slug="information-governance")
    lesson = LessonPage.objects.live().descendant_of(course).first()
    library = ResourceIndexPage.objects.live().first()
    return {
        "sign_in": BenchPage("/accounts/login/"),
        "home": _page("/", tom),
        "my_learning": _page("/my-learning/", tom),
        "course": _page(course.url, tom),
        "lesson": _page(lesson.url, tom),
        "team_grid": _page("/team/", colm),
        "team_grid_whole_area": _page("/team/", imogen),
        "resource_search": _page(library.url + "?q=emotion", tom),
    }


def queries_of(page: BenchPage) -> int:
    """Return how many queries one request for the page runs, the second time it is asked for."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost:8000")
    if page.person is not None:
        client.force_login(page.person)
    client.get(page.path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page.path)
    if response.status_code != 200:
        raise RuntimeError(f"{page.path} answered {response.status_code}")
    return len(captured)


def _administrator() -> Any:
    from accounts.enums import Role
    from accounts.models import RoleGrant

    return RoleGrant.objects.filter(role=Role.TRAINING_ADMIN, organisation=None)[0].person


def _page(path: str, person: Any) -> BenchPage:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    path = urlsplit(path).path + (f"?{urlsplit(path).query}" if "?" in path else "")
    return BenchPage(path, person, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})


def _create_database() -> None:
    import psycopg
    from psycopg import sql

    url = urlsplit(os.environ["DATABASE_URL"])
    name = url.path.lstrip("/")
    with psycopg.connect(
        url._replace(path="/postgres", scheme="postgresql").geturl()
    ) as connection:
        connection.autocommit = True
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if exists.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _fill_up(people: int, say: Callable[[str], None]) -> None:
    from accounts.enums import JobRole
    from accounts.models import LocalArea, Organisation, Post, User
    from core import clock
    from cpd_tracking.building import build_obligations

    area = LocalArea.objects.get(code="999")
    schools = list(Organisation.objects.filter(local_area=area, urn__isnull=False).order_by("urn"))
    missing = people - User.objects.count()
    if missing <= 0:
        return
    say(f"Adding {missing} people")
    rng = random.Random(7)
    today = clock.today()
    first = User.objects.count()
    for batch in _batches(range(first, first + missing)):
        users = User.objects.bulk_create(
            User(
                given_name=f"Given{number}",
                family_name=f"Family{number}",
                email=f"bench{number}@merrowdale.example",
                password="!",
            )
            for number in batch
        )
        Post.objects.bulk_create(
            Post(
                person=user,
                organisation=rng.choice(schools),
                job_role=rng.choice((JobRole.TEACHER, JobRole.TEACHING_ASSISTANT)),
                starts_on=today - dt.timedelta(days=rng.randint(60, 2_000)),
                term_time_only=True,
            )
            for user in users
        )
        _learn(users, rng, today)
    say("Building obligations")
    build_obligations(local_area=area, at=today)


def _learn(users: list[Any], rng: random.Random, today: dt.date) -> None:
    """Record two courses for most people, as if they had been taken here."""
    from core import clock
    from courses.models import CoursePage
    from cpd_tracking.enums import RecordKind, RecordSource
    from cpd_tracking.services.records import Learned, record_many

    for slug in ("information-governance", "oap-and-the-graduated-approach"):
        course = CoursePage.objects.get(slug=slug).course
        version = course.versions.order_by("-pk")[0]
        record_many(
            learned=[
                Learned(
                    person_id=user.pk,
                    kind=RecordKind.COURSE,
                    title=course.title,
                    occurred_on=today - dt.timedelta(days=rng.randint(1, 420)),
                    hours=Decimal(1),
                    source=RecordSource.SERVER_SCORED,
                    source_uid=f"bench:{slug}:{user.pk}",
                    course_id=course.pk,
                    course_version_id=version.pk,
                    score_scaled=0.9,
                )
                for user in users
                if rng.random() < 0.85
            ],
            at=clock.now(),
            rebuild=False,
        )


def _batches(numbers: range) -> Iterator[range]:
    for start in range(numbers.start, numbers.stop, BATCH):
        yield range(start, min(start + BATCH, numbers.stop))


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
