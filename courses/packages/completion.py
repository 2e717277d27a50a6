"""How each content type says that it is finished, and whether its score can be believed in form."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class CompletionRule(StrEnum):
    """What completes a piece of content."""

    ANSWERED = "answered"
    ANSWERED_THEN_JUDGED = "answered_then_judged"
    COMPLETED = "completed"
    COMPLETED_BY_PATH = "completed_by_path"
    COMPLETED_UNSCORED = "completed_unscored"
    VIEWED = "viewed"
    SELF_DECLARED = "self_declared"
    SCORM = "scorm"

    @property
    def is_scored(self) -> bool:
        """Return whether a completion carries a score whose maximum must be known."""
        return self in _SCORED

    @property
    def by_statement(self) -> bool:
        """Return whether the content itself says that it is finished."""
        return self not in (CompletionRule.VIEWED, CompletionRule.SELF_DECLARED)


_SCORED = frozenset(
    {
        CompletionRule.ANSWERED,
        CompletionRule.ANSWERED_THEN_JUDGED,
        CompletionRule.COMPLETED,
        CompletionRule.COMPLETED_BY_PATH,
    }
)

OWN_LESSON = "H5P.WaymarkLesson"

# Seen in a browser, type by type. A type that is not listed never says that it is finished.
RULES: Mapping[str, CompletionRule] = {
    OWN_LESSON: CompletionRule.COMPLETED,
    **dict.fromkeys(
        (
            "H5P.MultiChoice",
            "H5P.TrueFalse",
            "H5P.Blanks",
            "H5P.DragText",
            "H5P.DragQuestion",
            "H5P.Summary",
            "H5P.Dictation",
            "H5P.FindTheWords",
            "H5P.Flashcards",
            "H5P.ImageHotspotQuestion",
            "H5P.ImageMultipleHotspotQuestion",
            "H5P.ArithmeticQuiz",
            "H5P.MarkTheWords",
            "H5P.Crossword",
        ),
        CompletionRule.ANSWERED,
    ),
    "H5P.Essay": CompletionRule.ANSWERED_THEN_JUDGED,
    **dict.fromkeys(
        (
            "H5P.QuestionSet",
            "H5P.SingleChoiceSet",
            "H5P.MemoryGame",
            "H5P.CoursePresentation",
            "H5P.InteractiveVideo",
            "H5P.InteractiveBook",
        ),
        CompletionRule.COMPLETED,
    ),
    "H5P.BranchingScenario": CompletionRule.COMPLETED_BY_PATH,
    "H5P.Questionnaire": CompletionRule.COMPLETED_UNSCORED,
}


def rule_for(machine_name: str) -> CompletionRule:
    """Return how a content type is completed; types without a terminal statement are viewed."""
    return RULES.get(machine_name, CompletionRule.VIEWED)


def known_max(machine_name: str, params: Any) -> float | None:
    """Return the maximum score where the content shows it without being played (our own library),
    else None.
    """
    if machine_name != OWN_LESSON or not isinstance(params, dict):
        return None
    pages = params.get("pages")
    questions = [
        page
        for page in (pages if isinstance(pages, list) else [])
        if isinstance(page, dict) and is_question(page.get("question"))
    ]
    # A lesson without questions reports one point for having been read.
    return float(len(questions) or 1)


def is_question(question: Any) -> bool:
    """Return whether a page of our own lesson asks something: two answers at least, one of them
    right.
    """
    answers = question.get("answers") if isinstance(question, dict) else None
    if not isinstance(answers, list) or len(answers) < 2:
        return False
    return any(isinstance(answer, dict) and answer.get("correct") is True for answer in answers)
