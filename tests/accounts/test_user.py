"""The person as others read them."""

from __future__ import annotations

import pytest

from tests.factories.accounts import UserFactory


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [
        ("Tom", "Akinwale", "Tom Akinwale"),
        (" Mary  Jane ", "O'Neill", "Mary Jane O'Neill"),
        ("Eve\r\nBcc: all@merrowdale.example", "Moss", "Eve Bcc: all@merrowdale.example Moss"),
        ("", "Moss", "Moss"),
    ],
)
def test_a_name_is_one_line_whatever_was_typed(given, family, shown):
    person = UserFactory.build(given_name=given, family_name=family)

    assert person.get_full_name() == str(person) == shown
