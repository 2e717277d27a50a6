"""One person as a setting sees them: their posts there, and what became of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Case, QuerySet, Value, When

from accounts.absences import away_from_post
from accounts.models import Post, User
from accounts.people_list import names_in_scope
from accounts.post_history import HistoryLine, history_of
from accounts.services.reopening import reopenable


@dataclass(frozen=True)
class PostView:
    """A post with what the page says of it."""

    post: Post
    line_manager: str
    history: list[HistoryLine]
    is_current: bool
    is_coming: bool
    is_away: bool
    may_reopen: bool


@dataclass(frozen=True)
class PersonPage:
    """The posts in the viewer's scope: those held or coming, then those that have ended."""

    posts: list[PostView]

    @property
    def present(self) -> list[PostView]:
        """Posts held now or later."""
        return [view for view in self.posts if view.is_current or view.is_coming]

    @property
    def past(self) -> list[PostView]:
        """Posts that have ended."""
        return [view for view in self.posts if not (view.is_current or view.is_coming)]


def person_page(
    viewer: User, person: User, reached: QuerySet[Post], *, on: dt.date, at: dt.datetime
) -> PersonPage:
    """Return the person's posts within `reached`, the latest first; five queries."""
    posts = list(
        reached.filter(person=person)
        .select_related("organisation", "person")
        .annotate(
            is_away=Case(
                When(away_from_post(on), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
        .order_by("-starts_on", "-pk")
    )
    names = names_in_scope(viewer, (post.line_manager_id for post in posts), on)
    histories = history_of(posts, viewer, on)
    undoable = reopenable(posts, at)
    return PersonPage(
        posts=[
            PostView(
                post=post,
                line_manager=_manager(post, names),
                history=histories[post.pk],
                is_current=post.starts_on <= on and (post.ends_on is None or post.ends_on >= on),
                is_coming=post.starts_on > on,
                is_away=post.is_away,
                may_reopen=post.pk in undoable,
            )
            for post in posts
        ]
    )


def _manager(post: Post, names: dict[int, str]) -> str:
    if post.line_manager_id is None:
        return ""
    return names.get(post.line_manager_id, "Somebody outside this setting")
