"""The request as views behind a door of sign-in see it: with the day and the local area."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from accounts.models import LocalArea, User


class Request(HttpRequest):
    """For annotations only: what middleware has put on the request."""

    user: User
    today: dt.date
    local_area: LocalArea
