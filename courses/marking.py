"""Deal and mark quiz papers. Pure rules: plain data in, plain data out; nothing is stored here.

A paper is a list of {"id", "prompt", "multiple", "explanation", "options": [{"id", "text", "right",
"feedback"}]}. What a learner's page shows is made by `face_of`, which leaves out everything that
tells right from wrong.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Paper = list[dict[str, Any]]


@dataclass(frozen=True)
class MarkedQuestion:
    """One question after marking: what was chosen, whether all of it was right, and what to say."""

    prompt: str
    right: bool
    chosen: tuple[str, ...]
    feedback: tuple[str, ...]
    explanation: str
    right_answers: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """The outcome of a paper. `scaled` is raw / max; `passed` compares it with the pass mark."""

    raw: int
    max: int
    scaled: float
    passed: bool


def deal_paper(
    questions: Sequence[Any],
    *,
    asked: int | None,
    shuffle: bool,
    dice: random.Random,
) -> Paper:
    """Deal a paper from the question bank (blocks of a Quiz's `questions`).

    `asked` questions are drawn at random where the bank holds more; otherwise their order is the
    editor's, unless `shuffle`.
    """
    drawn = list(questions)
    if asked is not None and asked < len(drawn):
        chosen = set(dice.sample(range(len(drawn)), asked))
        drawn = [question for place, question in enumerate(drawn) if place in chosen]
    if shuffle:
        dice.shuffle(drawn)
    return [_dealt(question, shuffle, dice) for question in drawn]


def _dealt(question: Any, shuffle: bool, dice: random.Random) -> dict[str, Any]:
    value = question.value
    options = [
        {
            # Numbered by place on this paper: ids of the bank would let answers be compared.
            "text": option["text"],
            "right": bool(option["right"]),
            "feedback": option["feedback"],
        }
        for option in value["options"]
    ]
    if shuffle:
        dice.shuffle(options)
    return {
        "id": str(question.id),
        "prompt": value["prompt"],
        "explanation": value["explanation"],
        "multiple": sum(option["right"] for option in options) > 1,
        "options": [{"id": str(place), **option} for place, option in enumerate(options, start=1)],
    }


def face_of(paper: Paper) -> list[dict[str, Any]]:
    """Return what the learner may see before marking: prompts and options, and nothing else."""
    return [
        {
            "id": question["id"],
            "prompt": question["prompt"],
            "multiple": question["multiple"],
            "options": [
                {"id": option["id"], "text": option["text"]} for option in question["options"]
            ],
        }
        for question in paper
    ]


def mark_paper(paper: Paper, answers: Mapping[str, Sequence[str]], *, pass_mark: int) -> Mark:
    """Mark answers ({question id: option ids}); exactly the right options make a question right.

    `pass_mark` is a percentage; 80 is passed by 4 of 5. Options and questions that are not on the
    paper count for nothing.
    """
    raw = sum(_is_right(question, answers.get(question["id"], ())) for question in paper)
    most = len(paper)
    return Mark(
        raw=raw,
        max=most,
        scaled=raw / most if most else 0.0,
        # Whole numbers: 0.8 * 5 in floating point is not a reason to fail anyone.
        passed=bool(most) and raw * 100 >= pass_mark * most,
    )


def _is_right(question: dict[str, Any], chosen: Sequence[str]) -> bool:
    right = {option["id"] for option in question["options"] if option["right"]}
    return set(chosen) == right


def feedback_on(paper: Paper, answers: Mapping[str, Sequence[str]]) -> list[MarkedQuestion]:
    """Return every question as it is shown after marking."""
    return [
        MarkedQuestion(
            prompt=question["prompt"],
            right=_is_right(question, answers.get(question["id"], ())),
            chosen=tuple(
                option["text"]
                for option in question["options"]
                if option["id"] in answers.get(question["id"], ())
            ),
            feedback=tuple(
                option["feedback"]
                for option in question["options"]
                if option["id"] in answers.get(question["id"], ()) and option["feedback"]
            ),
            explanation=question["explanation"],
            right_answers=tuple(
                option["text"] for option in question["options"] if option["right"]
            ),
        )
        for question in paper
    ]
