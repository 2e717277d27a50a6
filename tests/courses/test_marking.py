"""Papers are dealt and marked by the server, and their face tells nothing."""

from __future__ import annotations

import json
import random

import pytest

from courses.marking import deal_paper, face_of, feedback_on, mark_paper
from tests.factories.courses import question


class Block:
    """A question as the stream gives it."""

    def __init__(self, data: dict) -> None:
        self.id = data["id"]
        value = data["value"]
        self.value = value | {"options": [item["value"] for item in value["options"]]}


BANK = [
    Block(question("One?", "Right", "Wrong", explanation="Because.", feedback=True)),
    Block(question("Two?", "Right", "Also right", "Wrong", right=(0, 1))),
    Block(question("Three?", "Wrong", "Right", right=(1,))),
    Block(question("Four?", "Right", "Wrong")),
    Block(question("Five?", "Right", "Wrong")),
]


def paper(**settings) -> list[dict]:
    defaults = {"asked": None, "shuffle": False, "dice": random.Random(7)}
    return deal_paper(BANK, **(defaults | settings))


def right_answers(dealt: list[dict]) -> dict[str, list[str]]:
    return {
        question["id"]: [option["id"] for option in question["options"] if option["right"]]
        for question in dealt
    }


def test_face_keeps_what_tells_right_from_wrong() -> None:
    told = json.dumps(face_of(paper()))
    assert "Right" in told
    for secret in ("right", "feedback", "explanation", "Because", "About"):
        assert f'"{secret}"' not in told
        assert "Because" not in told


@pytest.mark.parametrize(("wrong", "passed"), [(0, True), (1, True), (2, False), (5, False)])
def test_four_of_five_pass_at_eighty(wrong: int, passed: bool) -> None:
    dealt = paper()
    answers = right_answers(dealt)
    for item in dealt[:wrong]:
        answers[item["id"]] = [o["id"] for o in item["options"] if not o["right"]][:1]
    mark = mark_paper(dealt, answers, pass_mark=80)
    assert (mark.raw, mark.max, mark.passed) == (5 - wrong, 5, passed)
    assert mark.scaled == pytest.approx((5 - wrong) / 5)


@pytest.mark.parametrize("chosen", [["1"], ["1", "2", "3"], ["3"], [], ["99"], ["1", "2", "99"]])
def test_several_right_options_count_only_together(chosen: list[str]) -> None:
    dealt = [item for item in paper() if item["multiple"]]
    assert mark_paper(dealt, {dealt[0]["id"]: chosen}, pass_mark=80).raw == 0
    assert mark_paper(dealt, {dealt[0]["id"]: ["2", "1"]}, pass_mark=80).raw == 1


def test_answers_to_questions_not_on_the_paper_count_for_nothing() -> None:
    dealt = paper(asked=2)
    every = right_answers(paper())
    mark = mark_paper(dealt, every | {"unknown": ["1"]}, pass_mark=80)
    assert (mark.raw, mark.max) == (2, 2)


def test_an_empty_paper_is_never_passed() -> None:
    assert not mark_paper([], {}, pass_mark=0).passed


def test_drawing_and_shuffling_follow_the_dice() -> None:
    first = paper(asked=3, shuffle=True, dice=random.Random(1))
    again = paper(asked=3, shuffle=True, dice=random.Random(1))
    other = paper(asked=3, shuffle=True, dice=random.Random(2))
    assert first == again != other
    assert len({item["id"] for item in first}) == 3


def test_drawn_questions_keep_the_editors_order() -> None:
    order = [block.id for block in BANK]
    drawn = [item["id"] for item in paper(asked=3)]
    assert drawn == [pk for pk in order if pk in drawn]


def test_feedback_is_about_what_was_chosen() -> None:
    dealt = paper()
    marked = feedback_on(dealt, {dealt[0]["id"]: ["2"]})[0]
    assert (marked.right, marked.chosen, marked.feedback) == (False, ("Wrong",), ("About Wrong.",))
    assert marked.right_answers == ("Right",)
