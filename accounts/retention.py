"""How long accounts keeps what it holds. Audit events are permanent: their chain has no gaps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import ImportState, PrivacyRequestState
from accounts.models import Invitation, Post, PrivacyRequest, RoleGrant, StaffImport, User
from accounts.privacy.erasing import erase_person
from accounts.privacy.holds import is_held
from core.registry import Retained, declare
from core.retention import delete_rows


def _old_sessions(begun_by: dt.date) -> QuerySet[Any]:
    return UserSession.objects.filter(last_seen_at__date__lte=begun_by)


def _ended_invitations(begun_by: dt.date) -> QuerySet[Any]:
    return Invitation.objects.filter(
        Q(accepted_at__date__lte=begun_by)
        | Q(withdrawn_at__date__lte=begun_by)
        | Q(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__date__lte=begun_by)
    )


def _finished_imports(begun_by: dt.date) -> QuerySet[Any]:
    return StaffImport.objects.filter(made_at__date__lte=begun_by).filter(
        Q(committed_at__isnull=True)
        | Q(committed_at__date__lte=begun_by)
        | Q(state=ImportState.DISCARDED)
    )


def _answered_requests(begun_by: dt.date) -> QuerySet[Any]:
    return PrivacyRequest.objects.filter(
        Q(done_at__date__lte=begun_by)
        | Q(state=PrivacyRequestState.REFUSED, decided_at__date__lte=begun_by)
        | Q(state=PrivacyRequestState.WITHDRAWN, asked_at__date__lte=begun_by)
    )


def _leavers(begun_by: dt.date) -> QuerySet[Any]:
    """People whose last post ended so long ago, who hold no role and have not signed in since."""
    posts = Post.objects.filter(person=OuterRef("pk"))
    still_there = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=begun_by))
    roles = RoleGrant.objects.filter(person=OuterRef("pk")).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=begun_by)
    )
    return User.objects.filter(
        Q(last_login__isnull=True) | Q(last_login__date__lte=begun_by),
        Exists(posts),
        ~Exists(still_there),
        ~Exists(roles),
        joined_at__date__lte=begun_by,
        erased_at__isnull=True,
        merged_into__isnull=True,
        is_superuser=False,
    )


def _erase(rows: QuerySet[Any], at: dt.datetime) -> int:
    """Erase each as if they had asked; a hold placed this moment still keeps them."""
    erased = 0
    for person in list(rows.select_for_update(of=("self",)).order_by("pk")):
        if not is_held(person):
            erase_person(person=person, by=None, local_area=None, at=at)
            erased += 1
    return erased


declare(
    Retained(
        key="leavers",
        title="People who left",
        months=84,
        basis=(
            "Six years for claims about employment (Limitation Act 1980) and one for the year "
            "in which they left. They are erased as if they had asked; whoever still signs in to "
            "their own record is not among them."
        ),
        due=_leavers,
        dispose=_erase,
        people=("pk",),
    ),
    Retained(
        key="sign-in-sessions",
        title="Devices and addresses of sign-ins",
        months=3,
        basis="Long enough for people to recognise a sign-in that was not theirs.",
        due=_old_sessions,
        dispose=delete_rows,
        people=("user",),
    ),
    Retained(
        key="invitations",
        title="Invitations that have ended",
        months=12,
        basis="Long enough to say who was asked to join, and when.",
        due=_ended_invitations,
        dispose=delete_rows,
        people=("person",),
    ),
    Retained(
        key="staff-imports",
        title="Lists of staff that were imported",
        months=12,
        basis="Long enough to put a wrong list right. The posts it made stay.",
        due=_finished_imports,
        dispose=delete_rows,
    ),
    Retained(
        key="privacy-requests",
        title="Answered requests about data",
        months=36,
        basis="Long enough to show that requests are answered in time.",
        due=_answered_requests,
        dispose=delete_rows,
        people=("person",),
    ),
)
