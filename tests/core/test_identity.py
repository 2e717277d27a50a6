"""A person is taken out of texts and lists that name them, and nobody else is."""

from __future__ import annotations

import pytest

from core.identity import Identity

ADA = Identity(
    person_ids=(7,),
    public_ids=("0f0f",),
    addresses=frozenset({"ada@school.example", "abyron"}),
    names=frozenset({("Ada", "Byron")}),
)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("With thanks to Ada Byron.", "With thanks to Former colleague."),
        ("BYRON, ADA", "Former colleague"),
        ("Sent to ada@school.example", "Sent to "),
        ("Signed in as ABYRON", "Signed in as "),
        ("Ada and Lord Byron", "Ada and Lord Byron"),
        ("canada@school.example", "canada@school.example"),
        ("Ada Byrons", "Ada Byrons"),
        ("", ""),
    ],
)
def test_full_names_and_addresses_go_from_a_text(text, without):
    assert ADA.without(text) == without
    assert ADA.is_in(text) is (text != without)


def test_a_row_that_names_them_loses_every_part_of_the_name():
    rows = [[2, "Ada", "Byron", "SENCO"], [3, "Ada", "Thorne", "Teacher"]]

    assert ADA.scrubbed(rows) == [[2, "", "", "SENCO"], [3, "Ada", "Thorne", "Teacher"]]


def test_an_address_makes_the_row_theirs_whatever_else_it_says():
    row = {"email": "ADA@school.example", "family_name": "Byron", "lines": [4]}

    assert ADA.scrubbed(row) == {"email": "", "family_name": "", "lines": [4]}


def test_what_changed_in_their_account_goes_before_and_after():
    change = {
        "model": "accounts.User",
        "pk": 7,
        "before": {"family_name": "Byron"},
        "after": {"family_name": "Byron"},
    }

    assert ADA.scrubbed(change) == {
        "model": "accounts.User",
        "pk": 7,
        "before": {"family_name": ""},
        "after": {"family_name": ""},
    }


def test_a_family_name_alone_says_nothing():
    assert ADA.scrubbed({"family_name": "Byron"}) == {"family_name": "Byron"}
    assert ADA.scrubbed([1, None, 2.5, True]) == [1, None, 2.5, True]


def test_somebody_with_one_name_only_takes_nobody_else_along():
    mononym = Identity((1,), ("a",), frozenset(), frozenset({("", "Byron")}))

    assert mononym.scrubbed([["Byron", "Ada"]]) == [["Byron", "Ada"]]


def test_signs_that_mean_something_to_a_pattern_are_plain_letters_here():
    odd = Identity((1,), ("a",), frozenset({"a+b@x.example"}), frozenset({("A.(", "B*")}))

    assert (
        odd.without("a+b@x.example and A.( B*") == " and Former colleague"
        or odd.without("a+b@x.example") == ""
    )
