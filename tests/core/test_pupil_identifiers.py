"""Pupil identifiers in free text: what is held, what is asked about, what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import upn

from core.pupil_identifiers import FindingKind, holds_upn, scan


def make_upn(digits: str) -> str:
    """Return a UPN with the right check letter for 12 characters that follow it."""
    return upn.calc_check_digit(digits) + digits


@pytest.mark.parametrize(
    "text",
    [
        f"Pupil {make_upn('999200012345')} was absent",
        f"upn:{make_upn('999200012345').lower()}.",
        f"({make_upn('99920001234A')})",
    ],
)
def test_a_upn_with_its_check_letter_is_held(text):
    (finding,) = scan(text)

    assert finding.kind is FindingKind.UPN
    assert finding.must_hold


def test_a_upn_with_a_wrong_check_letter_is_not_one():
    right = make_upn("999200012345")
    wrong = ("A" if right[0] != "A" else "B") + right[1:]

    assert scan(f"Reference {wrong}") == []


@pytest.mark.parametrize("text", ["943 476 5919", "9434765919", "NHS no. 943-476-5919."])
def test_an_nhs_number_with_its_check_digit_is_held(text):
    (finding,) = scan(text)

    assert finding.kind is FindingKind.NHS_NUMBER
    assert finding.must_hold


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5918",  # wrong check digit
        "Call 01632 960 123 before nine",  # a telephone number of the drama range
        "0000000000",
        "Invoice 94347659191 is paid",  # eleven digits
        "We met on 12/03/2026 with 41 settings.",
        "The policy was born on 1 September 2024",  # nobody is named
        "",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert scan(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Jamie Sample, d.o.b. 12/03/2015, needs a plan",
        "DOB 12.3.15 Jamie Sample",
        "Jamie Sample was born on 3rd March 2015",
    ],
)
def test_a_name_with_a_birth_date_is_asked_about_and_not_held(text):
    (finding,) = scan(text)

    assert finding.kind is FindingKind.NAME_AND_BIRTH_DATE
    assert not finding.must_hold


@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True), st.text(max_size=40))
def test_every_valid_upn_is_found_wherever_it_stands(digits, around):
    found = scan(f"{around} {make_upn(digits)} {around}")

    assert FindingKind.UPN in {finding.kind for finding in found}


@given(st.text(max_size=400))
def test_findings_lie_inside_the_text(text):
    for finding in scan(text):
        assert 0 <= finding.start < finding.end <= len(text)


def test_a_number_of_a_payroll_is_no_childs_but_a_upn_is():
    from accounts.staffing.cells import BadCell, staff_number

    number = make_upn("999200012345")
    for text in ("", "4010232137", "TA-0042", "A1", number[:-1]):
        assert not holds_upn(text)
        assert staff_number(text) == text
    assert holds_upn(number)
    with pytest.raises(BadCell, match="pupil's number"):
        staff_number(number)
