"""The four JSON endpoints an attempt page speaks to (contract: courses/packages/README.md).

They answer the learner whose attempt it is; anyone else gets 404. Without a session they answer
401 in JSON rather than a sign-in page, so that the player keeps its work and sends it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import clock, policies
from courses.enums import AttemptStatus
from courses.models import Attempt, AttemptState, Enrolment, LessonPage
from courses.selectors.learning import url_after
from courses.services import attempts as services
from courses.throttle import seconds_to_wait

MOST_STATEMENT_BYTES = 256 * 1024
# The state itself is at most 1 MB; JSON may escape every character of it.
MOST_STATE_BYTES = 4 * 1024 * 1024

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")

View = Callable[..., HttpResponseBase]


def _error(status: int, code: str, message: str, **extra: Any) -> JsonResponse:
    return JsonResponse({"error": code, "message": message, **extra}, status=status)


def own_attempt(view: View) -> View:
    """Give the view its learner's attempt, or answer 401, 404 or 429 in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _error(
                401,
                "signed-out",
                "You have been signed out. Sign in again: your work is kept on this page.",
            )
        attempt = (
            Attempt.objects.visible_to(request.user)
            .select_related("enrolment", "activity")
            .filter(uuid=uuid, revision__isnull=False)
            .first()
        )
        if attempt is None:
            return _error(404, "gone", "This activity is not here any more.")
        if request.method == "POST":
            wait = seconds_to_wait(str(uuid), at=clock.now())
            if wait:
                response = _error(429, "slow-down", "Too much at once. Waiting a moment.")
                response["Retry-After"] = str(wait)
                return response
        return view(request, attempt)

    return answer


def _body(request: HttpRequest, most: int) -> dict[str, Any] | None:
    """Read a JSON object from the request; None when it is not one, or too long."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return None
    if length > most:
        return None
    try:
        data = keepable(json.loads(request.body))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def keepable(value: Any) -> Any:
    """Return the JSON value with signs replaced that PostgreSQL keeps in no text: NUL and lone
    surrogates (a package that cuts a text in two cuts through emoji).
    """
    if isinstance(value, str):
        return _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {keepable(key): keepable(held) for key, held in value.items()}
    if isinstance(value, list):
        return [keepable(held) for held in value]
    return value


def summary_of(attempt: Attempt) -> dict[str, Any]:
    """Return the attempt summary of the contract."""
    completed = attempt.status == AttemptStatus.COMPLETED
    return {
        "state": "completed" if completed else "open",
        "raw": attempt.raw,
        "max": attempt.max,
        "scaled": attempt.scaled,
        "success": attempt.success,
        "message": "You have finished this activity." if completed else "",
        "next_url": _next_url(attempt) if completed else None,
    }


def _next_url(attempt: Attempt) -> str:
    """Return where to go on: the completion page, the next lesson, or the rest of this one."""
    enrolment = Enrolment.objects.select_related("version").get(pk=attempt.enrolment_id)
    if enrolment.finished_at is not None:
        return reverse("courses:completed", args=[enrolment.uid])
    lesson_id = attempt.activity.lesson_id
    if enrolment.lessons.filter(lesson=lesson_id).exists():
        return url_after(lesson_id, enrolment)
    return LessonPage.objects.get(pk=lesson_id).url or "/"


@policies.public
@never_cache
@require_GET
@own_attempt
def status(request: HttpRequest, attempt: Attempt) -> HttpResponseBase:
    """Give a fresh CSRF token, the version of the state held, and the summary."""
    held = AttemptState.objects.filter(attempt=attempt).values_list("version", flat=True).first()
    return JsonResponse(
        {"csrf": get_token(request), "version": held or 0, "attempt": summary_of(attempt)}
    )


@policies.public
@require_POST
@own_attempt
def statements(request: HttpRequest, attempt: Attempt) -> HttpResponseBase:
    """Take in statements; the reply says which are saved and which were not worth keeping."""
    data = _body(request, MOST_STATEMENT_BYTES)
    batch = _batch(data)
    if batch is None:
        return _error(400, "invalid", "This could not be read.")
    try:
        taken = services.record_statements(attempt=attempt, statements=batch, at=clock.now())
    except services.AttemptClosed:
        return _error(409, "closed", "This activity is finished.")
    return JsonResponse(
        {
            "accepted": taken.accepted,
            "ignored": taken.ignored,
            "attempt": summary_of(taken.attempt),
        }
    )


def _batch(data: dict[str, Any] | None) -> list[tuple[UUID, Any]] | None:
    rows = data.get("statements") if data else None
    if not isinstance(rows, list) or not 0 < len(rows) <= services.MOST_STATEMENTS_A_REQUEST:
        return None
    batch: dict[UUID, Any] = {}
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            return None
        try:
            batch.setdefault(UUID(row["id"]), row.get("statement"))
        except ValueError:
            return None
    return list(batch.items())


@policies.public
@require_POST
@own_attempt
def state(request: HttpRequest, attempt: Attempt) -> HttpResponseBase:
    """Keep the learner's place, unless another device went on meanwhile."""
    data = _body(request, MOST_STATE_BYTES)
    if data is None and int(request.headers.get("Content-Length") or 0) > MOST_STATE_BYTES:
        return _error(413, "too-large", "Your place in this activity is too large to keep.")
    held, based_on = (data or {}).get("state"), (data or {}).get("based_on")
    save_id = (data or {}).get("save_id") or ""
    if (
        not isinstance(held, str)
        or not isinstance(based_on, int)
        or not isinstance(save_id, str)
        or len(save_id) > 36
    ):
        return _error(400, "invalid", "This could not be read.")
    try:
        version = services.save_state(
            attempt=attempt, data=held, based_on=based_on, save_id=save_id, at=clock.now()
        )
    except services.AttemptClosed:
        return _error(409, "closed", "This activity is finished.")
    except services.StaleState as error:
        return _error(
            409, "stale", "You carried on with this somewhere else.", version=error.version
        )
    except services.StateTooLarge:
        return _error(413, "too-large", "Your place in this activity is too large to keep.")
    return JsonResponse({"version": version})


@policies.public
@require_POST
@own_attempt
def viewed(request: HttpRequest, attempt: Attempt) -> HttpResponseBase:
    """Finish content that never says itself that it is finished."""
    try:
        done = services.record_viewed(attempt=attempt, at=clock.now())
    except services.TooEarly as error:
        return _error(
            409,
            "too-early",
            f"Take a little longer: {error.seconds_left} seconds to go.",
            seconds_left=error.seconds_left,
        )
    except services.AttemptClosed:
        return _error(409, "closed", "This activity is finished.")
    except services.UnableToAttempt as error:
        return _error(400, "invalid", str(error))
    return JsonResponse({"attempt": summary_of(done)})
