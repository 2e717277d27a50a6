"""Courses, lessons and quizzes for tests, published as an editor would publish them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import factory

from accounts.models import LocalArea
from courses.enums import Audience, Mode
from courses.models import (
    Course,
    CourseAudience,
    CourseIndexPage,
    CourseNeed,
    CourseOutcome,
    CoursePage,
    LessonPage,
    Quiz,
)
from courses.services.catalogues import set_up_catalogue
from resources_repo.enums import Need, Tier

AT = dt.datetime(2026, 9, 1, 10, 0, tzinfo=dt.UTC)


def question(prompt: str, *options: str, right: tuple[int, ...] = (0,), **fields: Any) -> dict:
    """Write one question as the stream stores it; `right` are the places of the right options."""
    return {
        "type": "question",
        "id": str(uuid.uuid4()),
        "value": {
            "prompt": prompt,
            "explanation": fields.get("explanation", ""),
            "options": [
                {
                    "type": "item",
                    "id": str(uuid.uuid4()),
                    "value": {
                        "text": text,
                        "right": place in right,
                        "feedback": f"About {text}." if fields.get("feedback") else "",
                    },
                }
                for place, text in enumerate(options)
            ],
        },
    }


class QuizFactory(factory.django.DjangoModelFactory):
    """Five questions whose first option is right; 80 % to pass. Give it a local area."""

    class Meta:
        model = Quiz

    title = factory.Sequence(lambda n: f"Quiz {n}")
    questions = factory.LazyFunction(
        lambda: [
            question(f"Question {n}?", f"Right {n}", f"Wrong {n}", f"Odd {n}") for n in range(1, 6)
        ]
    )


def make_index(area: LocalArea) -> CourseIndexPage:
    """Return the area's catalogue at /courses/, making it if it is not there."""
    return set_up_catalogue(local_area=area)


def make_course_page(area: LocalArea, title: str = "Regulation", **fields: Any) -> CoursePage:
    """Return a draft course page that lacks nothing but lessons."""
    page = CoursePage(
        title=title,
        live=False,
        **{
            "summary": f"What {title} is about.",
            "tier": Tier.UNIVERSAL,
            "duration_minutes": 40,
            "cpd_hours": Decimal("0.75"),
            "evaluation_question": "Are fewer children sent out of class?",
            "mode": Mode.SELF_PACED,
        }
        | fields,
    )
    page.outcomes = [CourseOutcome(text=f"Do thing {n}") for n in (1, 2, 3)]
    page.audiences = [CourseAudience(audience=Audience.SCHOOL_STAFF)]
    page.needs = [CourseNeed(need=Need.SEMH)]
    make_index(area).add_child(instance=page)
    return page


def text_block(html: str = "<p>Some words to read.</p>") -> dict:
    """Write a text block as the stream stores it."""
    return {"type": "text", "id": str(uuid.uuid4()), "value": html}


def quiz_block(quiz: Quiz, required: bool = True) -> dict:
    """Write a quiz block as the stream stores it."""
    return {
        "type": "quiz",
        "id": str(uuid.uuid4()),
        "value": {"quiz": quiz.pk, "required": required},
    }


def activity_block(package: Any, title: str = "Try it", required: bool = True) -> dict:
    """Write a block of an interactive activity as the stream stores it."""
    return {
        "type": "activity",
        "id": str(uuid.uuid4()),
        "value": {"title": title, "package": package.pk, "required": required},
    }


def make_lesson(page: CoursePage, title: str, *blocks: dict, **fields: Any) -> LessonPage:
    """Add a lesson below the course and publish it."""
    from wagtail.blocks import StreamValue

    lesson = LessonPage(title=title, live=False, **fields)
    body = LessonPage._meta.get_field("body").stream_block
    lesson.body = StreamValue(body, list(blocks) or [text_block()], is_lazy=True)
    page.add_child(instance=lesson)
    lesson.save_revision().publish()
    lesson.refresh_from_db()
    return lesson


def publish(page: CoursePage) -> Course:
    """Publish the course page and return its course with the version this made."""
    page.save_revision().publish()
    return Course.objects.select_related("current_version", "page").get(page=page)


def make_course(
    area: LocalArea, title: str = "Regulation", *, quiz: Quiz | None = None, **fields: Any
) -> Course:
    """Return a published course of two lessons: one to read, one with a quiz of five questions."""
    page = make_course_page(area, title, **fields)
    make_lesson(page, "What it is")
    make_lesson(page, "What you know", quiz_block(quiz or QuizFactory(local_area=area)))
    page.refresh_from_db()
    return publish(page)


def make_package(area: LocalArea, by: Any, **fields: Any) -> Any:
    """Return a package with one approved revision, as if it had been uploaded and approved.

    Only the database knows it: nothing is on the content server. Fields are the revision's.
    """
    from courses.models import ContentPackage, PackageRevision

    package = ContentPackage.objects.create(
        local_area=area, kind="h5p", title="Activity", created_by=by, created_at=AT
    )
    PackageRevision.objects.create(
        package=package,
        **{
            "number": 1,
            "state": "approved",
            "scan_state": "not_scanned",
            "sha256": "0" * 64,
            "size": 1,
            "manifest": {"title": "Activity"},
            "report": {},
            "main_library": "H5P.WaymarkLesson 1.0",
            "completion_rule": "completed",
            "expected_max": 5.0,
            "uploaded_by": by,
            "uploaded_at": AT,
            "approved_by": by,
            "approved_at": AT,
        }
        | fields,
    )
    return package


def make_activity_course(area: LocalArea, package: Any) -> Course:
    """Return a published course of one lesson with one interactive activity."""
    page = make_course_page(area, "Playing")
    make_lesson(page, "Play", activity_block(package))
    page.refresh_from_db()
    return publish(page)
