"""What opens something by itself stands in no log."""

from __future__ import annotations

import pytest

from core.log_secrets import hide_link_secrets


@pytest.mark.parametrize(
    "path",
    [
        "/join/link/SECRET/",
        "/profile/address/SECRET/",
        "/calendar/SECRET.ics",
        "/learning/last-words/SECRET",
        "/accounts/password/reset/key/SECRET/",
        "/accounts/confirm-email/SECRET/",
    ],
)
def test_the_secret_of_a_link_is_hidden(path):
    event = hide_link_secrets(None, "warning", {"event": f"Not Found: {path}", "path": path})

    assert "SECRET" not in str(event)


def test_other_addresses_are_told_whole():
    event = hide_link_secrets(None, "info", {"event": "GET /my-learning/calendar/make/"})

    assert event == {"event": "GET /my-learning/calendar/make/"}
