"""The people of a setting as its lead sees them: a list with a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.absences import away_from_post
from accounts.invitation_rows import has_way_in
from accounts.models import Invitation, Organisation, Post, User

PAGE_SIZE = 25
# Who left within this time is still found in the list of leavers.
RECENTLY = dt.timedelta(days=90)
SHOWN = {
    "": "Everyone here",
    "away": "On leave",
    "no_sign_in": "No sign-in yet",
    "left": f"Left in the last {RECENTLY.days} days",
}


@dataclass(frozen=True)
class PeopleFilters:
    """What the URL asks: words of a name, a job role, and a key of SHOWN."""

    q: str = ""
    job_role: str = ""
    show: str = ""


@dataclass(frozen=True)
class SignIn:
    """How far somebody is with signing in: a word, and the status it is drawn with."""

    key: str
    label: str
    status: str


ACTIVE = SignIn("active", "Signs in", "done")
SUSPENDED = SignIn("suspended", "Suspended", "overdue")
INVITED = SignIn("invited", "Invited", "in_progress")
NONE = SignIn("none", "No sign-in yet", "not_started")


@dataclass(frozen=True)
class PersonRow:
    """One person of the list, with their posts in this setting only."""

    person: User
    posts: list[Post]
    managers: list[str]
    sign_in: SignIn
    is_away: bool
    left_on: dt.date | None

    @property
    def roles(self) -> str:
        """The job roles here, in words."""
        return ", ".join(dict.fromkeys(post.get_job_role_display() for post in self.posts))

    @property
    def since(self) -> dt.date:
        """The first day of the earliest of the posts shown."""
        return min(post.starts_on for post in self.posts)

    @property
    def hours(self) -> str:
        """Weekly hours of the posts together, without a nought after the point."""
        known = [post.weekly_hours for post in self.posts if post.weekly_hours is not None]
        return f"{sum(known).normalize():f}" if known else ""  # type: ignore[union-attr]


def here_on(organisation: Organisation, on: dt.date) -> QuerySet[Post]:
    """Return the posts of a setting that are held, or will be."""
    return Post.objects.filter(organisation=organisation).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )


def posts_shown(organisation: Organisation, filters: PeopleFilters, on: dt.date) -> QuerySet[Post]:
    """Return the posts of the setting whose holders the filters keep."""
    here = here_on(organisation, on)
    posts = here
    if filters.show == "left":
        posts = Post.objects.filter(
            organisation=organisation, ends_on__lt=on, ends_on__gte=on - RECENTLY
        ).exclude(person__in=here.order_by().values("person"))
    elif filters.show == "away":
        posts = posts.filter(away_from_post(on))
    elif filters.show == "no_sign_in":
        posts = posts.exclude(has_way_in("person__")).filter(
            person__suspended_at__isnull=True, person__last_login__isnull=True
        )
    if filters.job_role:
        posts = posts.filter(job_role=filters.job_role)
    for word in filters.q.split()[:4]:
        posts = posts.filter(
            Q(person__given_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(staff_number__iexact=word)
        )
    return posts


def people_page(
    viewer: User,
    organisation: Organisation,
    filters: PeopleFilters,
    *,
    on: dt.date,
    at: dt.datetime,
    page: str | None,
) -> tuple[list[PersonRow], Page]:
    """Return one page of people in order of name; at most five queries."""
    people = with_sign_in(
        User.objects.filter(
            pk__in=posts_shown(organisation, filters, on).order_by().values("person")
        ),
        at,
    ).order_by("family_name", "given_name", "pk")
    page_obj = Paginator(people, PAGE_SIZE).get_page(page)
    shown = list(page_obj.object_list)
    posts = (
        Post.objects.filter(organisation=organisation, ends_on__lt=on)
        if filters.show == "left"
        else here_on(organisation, on)
    )
    held: dict[int, list[Post]] = {}
    for post in (
        posts.filter(person__in=[person.pk for person in shown])
        .annotate(
            is_away=Case(
                When(away_from_post(on), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
        .order_by("starts_on", "pk")
    ):
        held.setdefault(post.person_id, []).append(post)
    names = names_in_scope(
        viewer, (post.line_manager_id for rows in held.values() for post in rows), on
    )
    rows = [_row(person, held[person.pk], names, left=filters.show == "left") for person in shown]
    return rows, page_obj


def with_sign_in(people: QuerySet[User], at: dt.datetime) -> QuerySet[User]:
    """Add what `sign_in_of` needs to people: `can_sign_in` and `is_invited`."""
    invited = Invitation.objects.open(at).filter(person=OuterRef("pk"))
    return people.annotate(
        can_sign_in=Case(
            When(has_way_in(), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        is_invited=Exists(invited),
    )


def sign_in_of(person: User) -> SignIn:
    """Say how far a person, read through `with_sign_in`, is with signing in."""
    if person.suspended_at is not None:
        return SUSPENDED
    if person.last_login is not None or person.can_sign_in:  # type: ignore[attr-defined]
        return ACTIVE
    return INVITED if person.is_invited else NONE  # type: ignore[attr-defined]


def names_in_scope(viewer: User, person_ids: Iterable[int | None], on: dt.date) -> dict[int, str]:
    """Return the names of those of the people whom the viewer sees by name; one query."""
    wanted = {pk for pk in person_ids if pk is not None}
    if not wanted:
        # Asked all the same: a list of one person costs what a list of thirty does.
        wanted = {0}
    seen = User.objects.filter(pk__in=wanted).visible_to(viewer, on)
    return {person.pk: person.get_full_name() for person in seen}


def _row(person: User, posts: list[Post], names: dict[int, str], *, left: bool) -> PersonRow:
    managers = [
        names.get(post.line_manager_id, "Somebody outside this setting")
        for post in posts
        if post.line_manager_id is not None
    ]
    return PersonRow(
        person=person,
        posts=posts,
        managers=list(dict.fromkeys(managers)),
        sign_in=sign_in_of(person),
        is_away=bool(posts) and all(post.is_away for post in posts),  # type: ignore[attr-defined]
        left_on=max((post.ends_on for post in posts if post.ends_on), default=None)
        if left
        else None,
    )
