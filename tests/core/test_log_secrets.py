"""What the log says of links that open something."""

from __future__ import annotations

import pytest

from core.log_secrets import hide_link_secrets


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("GET /join/link/s3cr3t-Token_1/", "GET /join/link/…/"),
        ("POST /join/link/s3cr3t/service/otterford/", "POST /join/link/…/service/otterford/"),
        (
            "GET /accounts/password/reset/key/1a-s3cr3t/",
            "GET /accounts/password/reset/key/…/",
        ),
        ("GET /accounts/confirm-email/s3cr3t/", "GET /accounts/confirm-email/…/"),
        ("GET /my-learning/", "GET /my-learning/"),
    ],
)
def test_the_secret_part_of_a_link_is_not_logged(path, shown):
    event = hide_link_secrets(None, "error", {"request": path, "code": 500, "exception": path})

    assert event == {"request": shown, "code": 500, "exception": shown}
