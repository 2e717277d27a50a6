"""Who is away from which post, and the absences a setting lead may see: dates, never reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Post, User
from cpd_tracking.models import Pause


@dataclass(frozen=True)
class Absence:
    """One absence, and the post it counts for (one of them, where it counts for all)."""

    pause: Pause
    post: Post
    is_now: bool
    is_coming: bool

    @property
    def is_over(self) -> bool:
        """Whether the person has come back."""
        return not self.is_now and not self.is_coming


def away_from_post(on: dt.date) -> Q:
    """Return the condition on Post rows that the holder is away on the day."""
    pauses = Pause.objects.filter(
        Q(post__isnull=True) | Q(post=OuterRef("pk")),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        person=OuterRef("person"),
        starts_on__lte=on,
    )
    return Q(Exists(pauses))


def absences_of(person: User, posts: Sequence[Post], on: dt.date) -> list[Absence]:
    """Return the absences from these posts of one person, latest first; one query.

    An absence that counts for every post is told only where it touches the days of one of these:
    what an earlier employer recorded is not the next one's to know.
    """
    found = []
    for pause in _pauses(person, posts):
        post = next((post for post in posts if _touches(pause, post)), None)
        if post is not None:
            ended = pause.ends_on is not None and pause.ends_on < on
            found.append(
                Absence(
                    pause=pause,
                    post=post,
                    is_now=pause.starts_on <= on and not ended,
                    is_coming=pause.starts_on > on,
                )
            )
    return found


def _pauses(person: User, posts: Sequence[Post]) -> QuerySet[Pause]:
    return Pause.objects.filter(
        Q(post__isnull=True) | Q(post__in=[post.pk for post in posts]), person=person
    ).order_by("-starts_on", "-pk")


def _touches(pause: Pause, post: Post) -> bool:
    if pause.post_id is not None:
        return pause.post_id == post.pk
    begins_in_time = post.ends_on is None or pause.starts_on <= post.ends_on
    ends_in_time = pause.ends_on is None or pause.ends_on >= post.starts_on
    return begins_in_time and ends_in_time
