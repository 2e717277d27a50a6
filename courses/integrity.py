"""What a course or lesson still lacks before it may be published, in plain words.

The list follows design/learning and issue 2: outcomes, length, assessment, alternative text,
evaluation question, and whatever would leave a learner stuck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from courses.enums import Mode

if TYPE_CHECKING:
    from courses.models import CoursePage, LessonPage

OUTCOMES_NEEDED = 3


@dataclass(frozen=True)
class Finding:
    """One thing that is missing. `where` names the lesson, or is empty for the course itself."""

    code: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else self.text


def course_findings(page: CoursePage) -> list[Finding]:
    """Return what the course lacks, its live lessons included; an empty list may be published.

    Works on a page being edited (its unsaved outcomes count) as on a stored one.
    """
    lessons = [] if page.pk is None else list(_live_lessons(page))
    found = list(_about_course(page))
    found += _about_assessment(page, lessons)
    for lesson in lessons:
        found += lesson_findings(lesson)
    return found


def lesson_findings(lesson: LessonPage) -> list[Finding]:
    """Return what a lesson lacks; an empty list may be published."""
    found = []
    blocks = list(lesson.body)
    if not blocks:
        found.append(Finding("empty", "the lesson has no content yet.", lesson.title))
    for block in blocks:
        check = _CHECKS.get(block.block_type)
        if check is not None:
            found += [Finding(code, text, lesson.title) for code, text in check(block.value)]
    return found


def _live_lessons(page: CoursePage) -> Any:
    from courses.models import LessonPage

    return LessonPage.objects.live().of_course(page)


def _about_course(page: CoursePage) -> Iterator[Finding]:
    outcomes = [outcome for outcome in page.outcomes.all() if outcome.text.strip()]
    if len(outcomes) < OUTCOMES_NEEDED:
        yield Finding(
            "outcomes",
            f"Say {OUTCOMES_NEEDED} things that learners will be able to do "
            f"(there are {len(outcomes)}).",
        )
    if not page.duration_minutes:
        yield Finding("duration", "Say how many minutes the course takes.")
    if not page.evaluation_question.strip():
        yield Finding(
            "evaluation", "Write the evaluation question: what should be different for children?"
        )
    if not list(page.audiences.all()):
        yield Finding("audience", "Choose at least one audience.")
    if page.mode == Mode.EXTERNAL and not page.external_url:
        yield Finding("external", "Give the provider's page: the course is taken somewhere else.")
    course = getattr(page, "course", None) if page.pk else None
    version = course.current_version if course is not None else None
    if version is not None and page.edition < version.major:
        yield Finding("edition", f"The edition cannot go back below {version.major}.")


def _about_assessment(page: CoursePage, lessons: list[LessonPage]) -> list[Finding]:
    if page.mode != Mode.SELF_PACED:
        if page.assessment.strip():
            return []
        return [Finding("assessment", "Say how learning is checked.")]
    if not lessons:
        return [
            Finding(
                "lessons",
                "Publish at least one lesson first: a self-paced course consists of its lessons.",
            )
        ]
    required = [lesson for lesson in lessons if lesson.required]
    if not required:
        return [Finding("lessons", "At least one lesson must be required.")]
    assessed = any(
        block.block_type in {"quiz", "activity"} and block.value["required"]
        for lesson in required
        for block in lesson.body
    )
    if assessed:
        return []
    return [Finding("assessment", "Add a quiz or an interactive activity that must be completed.")]


def _picture(value: Any) -> Iterator[tuple[str, str]]:
    image = value["image"]
    described = value["alternative_text"].strip() or getattr(image, "default_alt_text", "").strip()
    if not described and not value["decorative"]:
        name = image.title if image else "a picture"
        yield (
            "alternative_text",
            f"“{name}” needs alternative text, or the word that it is decoration.",
        )


def _activity(value: Any) -> Iterator[tuple[str, str]]:
    package = value["package"]
    if package is None or not package.revisions.playable().exists():
        yield (
            "package",
            f"the activity “{value['title']}” has no approved package.",
        )


def _quiz(value: Any) -> Iterator[tuple[str, str]]:
    quiz = value["quiz"]
    if quiz is None or not len(quiz.questions):
        yield "quiz", "the quiz has no questions."
    elif quiz.questions_asked and quiz.questions_asked > len(quiz.questions):
        yield (
            "quiz",
            f"the quiz “{quiz}” asks {quiz.questions_asked} questions and its bank holds "
            f"{len(quiz.questions)}.",
        )


_CHECKS = {"picture": _picture, "activity": _activity, "quiz": _quiz}
