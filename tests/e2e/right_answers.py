"""The right answers of the demo's lessons and quizzes, read from the texts they are made of."""

from __future__ import annotations

import json
from typing import Any

from courses.demo.reading import all_courses, questions_of
from tests.e2e.conftest import ROOT


def of_quiz(course: str) -> dict[str, list[str]]:
    """Return the right options of a course's only quiz, by question."""
    text = next(text for text in all_courses() if text.one("slug") == course)
    (quiz,) = text.quizzes.values()
    return {
        question["prompt"]: [option["text"] for option in question["options"] if option["right"]]
        for question in questions_of(quiz)
    }


def of_lesson(name: str) -> list[list[str] | None]:
    """Return each page's right answers in a packaged lesson, or None where nothing is asked."""
    path = ROOT / "h5p" / "content" / name / "content" / "content.json"
    pages: list[dict[str, Any]] = json.loads(path.read_text())["pages"]
    return [
        [answer["text"] for answer in page["question"]["answers"] if answer["correct"]]
        if page.get("question")
        else None
        for page in pages
    ]
