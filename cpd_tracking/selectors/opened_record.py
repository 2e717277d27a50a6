"""What an opened record shows: a person's posts in one area, and where their training stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import LocalArea, Post, User
from cpd_tracking.models import Obligation
from cpd_tracking.wording import TaskWords, words_of


@dataclass(frozen=True)
class StatusRow:
    """One requirement: its words, whether what is held counts, and until when if not for good."""

    words: TaskWords
    is_valid: bool
    expires_on: dt.date | None


@dataclass(frozen=True)
class RecordHere:
    """Posts in the area, held and past, and what is required today."""

    posts: list[Post]
    rows: list[StatusRow]


def statuses_here(person: User, local_area: LocalArea, on: dt.date) -> RecordHere:
    """Return the posts and statuses of a person in one area; two queries.

    Nothing of another area, no answers, reflections, evidence or certificates.
    """
    posts = Post.objects.filter(person=person, organisation__local_area=local_area)
    obligations = (
        Obligation.objects.current(on)
        .with_status(on)
        .filter(learner=person, requirement__local_area=local_area)
        .select_related("requirement", "version", "post__organisation")
        .order_by("due_on", "requirement__position", "pk")
    )
    return RecordHere(
        posts=list(posts.select_related("organisation").order_by("-starts_on", "pk")),
        rows=[
            StatusRow(words_of(row, on), row.is_valid, row.expires_on or row.held_until)
            for row in obligations
        ],
    )
