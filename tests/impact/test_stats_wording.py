"""Sentences fit their grade and never claim more than a comparison can show."""

import pytest

from impact.stats.grading import Grade
from impact.stats.wording import FORBIDDEN, Subject, answer, change_in_words, smallest_change

SUBJECT = Subject("schools whose SENCO trained", "suspensions")


def test_no_clear_difference_reads_as_in_the_guide() -> None:
    sentence = answer(
        SUBJECT,
        Grade.NO_CLEAR_DIFFERENCE,
        log_ratio=-0.1278,
        lower=-0.3285,
        upper=0.077,
    )
    assert sentence.replace("\u00a0", " ") == (
        "No clear difference. Schools whose SENCO trained had about 12 % fewer suspensions than "
        "similar schools would suggest (95 % interval: 28 % fewer to 8 % more). This is "
        "compatible with no difference."
    )


def test_an_estimate_of_nothing_reads_as_english() -> None:
    sentence = answer(SUBJECT, Grade.NO_CLEAR_DIFFERENCE, log_ratio=0.001, lower=-0.2, upper=0.2)
    assert "had about the same number of suspensions as similar schools would suggest" in sentence


def test_too_few_schools_states_the_smallest_change_that_could_show() -> None:
    sentence = answer(SUBJECT, Grade.INSUFFICIENT, log_ratio=-0.5, smallest=0.51)
    assert "only a change of about 40\u00a0% or more" in sentence
    assert "fewer suspensions" not in sentence


@pytest.mark.parametrize("grade", list(Grade))
def test_no_sentence_claims_a_cause(grade: Grade) -> None:
    sentence = answer(
        SUBJECT, grade, log_ratio=-0.4, lower=-0.6, upper=-0.2, smallest=0.3
    ) + smallest_change(0.3)
    assert not [word for word in FORBIDDEN if word in sentence.lower()]


def test_changes_in_words() -> None:
    assert change_in_words(-0.1278) == "12\u00a0% fewer"
    assert change_in_words(0.077) == "8\u00a0% more"
    assert change_in_words(0.0001) == "no difference"
