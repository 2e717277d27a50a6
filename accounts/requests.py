"""The request as these views see it: signed in, with the day and the local area."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from accounts.models import LocalArea, User


class Request(HttpRequest):
    """For annotations only: what middleware adds to a request behind the `signed_in` door."""

    user: User
    today: dt.date
    local_area: LocalArea
