"""Makes one course of the demo from its text: page, lessons, quizzes, packages; all published."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from wagtail.blocks import StreamValue

from accounts.models import LocalArea, User
from courses.demo.packages import PackageShelf
from courses.demo.reading import Block, CourseText, Part, as_html, questions_of
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

# The same text gives the same block ids, so that building twice makes the same activities.
_NAMESPACE = uuid.UUID("8c0b8a52-62a3-5d0e-9a5b-5a6f0f3e7c11")


def make_course(
    text: CourseText,
    *,
    area: LocalArea,
    index: CourseIndexPage,
    by: User | None,
    at: dt.datetime,
    shelf: PackageShelf,
) -> Course:
    """Make and publish one course below the catalogue, as an editor would in the CMS."""
    page = _course_page(text, owner=by, review_by=at.date() + dt.timedelta(days=330))
    index.add_child(instance=page)
    quizzes = {title: _quiz(part, area) for title, part in text.quizzes.items()}
    for part in text.lessons:
        _lesson(part, page, quizzes, shelf, by)
    page.refresh_from_db()
    page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    return Course.objects.select_related("page", "current_version").get(page=page)


def _course_page(text: CourseText, *, owner: User | None, review_by: dt.date) -> CoursePage:
    page = CoursePage(
        title=text.one("title"),
        slug=text.one("slug"),
        live=False,
        owner=owner,
        is_public=text.one("public") == "yes",
        summary=text.one("summary"),
        introduction=text.one("introduction"),
        audience_note=text.one("audience_note"),
        tier=text.one("tier"),
        level=text.one("level"),
        mode=text.one("mode"),
        duration_minutes=int(text.one("minutes")),
        cpd_hours=Decimal(text.one("cpd")),
        pattern=text.one("pattern"),
        external_url=text.one("external_url"),
        assessment=text.one("assessment"),
        evaluation_question=text.one("evaluation"),
        basis=text.one("basis"),
        basis_url=text.one("basis_url"),
        made_by=text.one("made_by"),
        review_by=review_by,
    )
    page.outcomes = [CourseOutcome(text=outcome) for outcome in text.each("outcome")]
    page.audiences = [CourseAudience(audience=audience) for audience in text.many("audiences")]
    page.needs = [CourseNeed(need=need) for need in text.many("needs")]
    return page


def _lesson(
    part: Part,
    page: CoursePage,
    quizzes: dict[str, Quiz],
    shelf: PackageShelf,
    by: User | None,
) -> LessonPage:
    lesson = LessonPage(
        title=part.title, live=False, owner=by, summary=part.summary, minutes=part.number
    )
    blocks = [
        _stream_block(f"{page.slug}/{part.title}/{place}", block, quizzes, shelf)
        for place, block in enumerate(part.blocks)
    ]
    stream = LessonPage._meta.get_field("body").stream_block  # type: ignore[union-attr]
    lesson.body = StreamValue(stream, blocks, is_lazy=True)
    page.add_child(instance=lesson)
    lesson.save_revision(user=by).publish(user=by, skip_permission_checks=True)
    return lesson


def _stream_block(
    name: str, block: Block, quizzes: dict[str, Quiz], shelf: PackageShelf
) -> dict[str, Any]:
    kind, value = block.kind, _value(block, quizzes, shelf)
    return {
        "type": "activity" if kind == "package" else kind,
        "id": str(uuid.uuid5(_NAMESPACE, name)),
        "value": value,
    }


def _value(block: Block, quizzes: dict[str, Quiz], shelf: PackageShelf) -> Any:
    match block.kind:
        case "text":
            return as_html(block.words)
        case "callout":
            tone, title = block.arguments
            return {"tone": tone, "title": title, "text": as_html(block.words)}
        case "case_study":
            story = [line for line in block.lines if not line.startswith("? ")]
            questions = [line[2:] for line in block.lines if line.startswith("? ")]
            return {
                "title": block.arguments[0],
                "story": as_html("\n".join(story)),
                "questions": questions,
            }
        case "reflection":
            return {"prompt": block.words}
        case "quiz":
            return {"quiz": quizzes[block.arguments[0]].pk, "required": True}
        case "package":
            name, title = block.arguments
            return {"title": title, "package": shelf.package(name).pk, "required": True}
    raise ValueError(f"There is no block {block.kind}.")


def _quiz(part: Part, area: LocalArea) -> Quiz:
    questions = [
        {
            "type": "question",
            "id": str(uuid.uuid5(_NAMESPACE, f"{part.title}/{place}")),
            "value": {
                "prompt": question["prompt"],
                "explanation": question["explanation"],
                "options": [
                    {
                        "type": "item",
                        "id": str(uuid.uuid5(_NAMESPACE, f"{part.title}/{place}/{number}")),
                        "value": option,
                    }
                    for number, option in enumerate(question["options"])
                ],
            },
        }
        for place, question in enumerate(questions_of(part))
    ]
    stream = Quiz._meta.get_field("questions").stream_block  # type: ignore[union-attr]
    return Quiz.objects.create(
        local_area=area,
        title=part.title,
        introduction=part.summary,
        pass_mark=part.number,
        random_order=True,
        questions=StreamValue(stream, questions, is_lazy=True),
    )
