"""Merge two accounts of one person, and undo it: rows move, ways in and rights do not.

The kept account's password, second step and roles are as they were. Roles of the merged account
end and are granted anew by whoever may; its sessions end and its open invitations open nothing.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import access, audit, sessions
from accounts.enums import PrivacyRequestKind, PrivacyRequestState, Role
from accounts.merging import (
    as_changes,
    as_rows,
    carried,
    carry_over,
    differences,
    move,
    put,
    put_back,
    states,
)
from accounts.models import (
    AccountMerge,
    Invitation,
    LegalHold,
    LocalArea,
    Organisation,
    Post,
    PrivacyRequest,
    RoleGrant,
    RoleProposal,
    User,
)
from accounts.permissions import can_end_grant
from accounts.services.editor_rights import recheck_editor_rights
from accounts.services.roles import end_role
from accounts.services.roles_of_posts import end_grants_without_post
from accounts.signals import posts_changed
from core import clock
from core.registry import Change


class UnableToMerge(Exception):
    """The two cannot become one; the message says why."""


class UnableToUndoMerge(Exception):
    """The merge cannot be undone; the message says why."""


@transaction.atomic
def merge_accounts(
    *, by: User, kept: User, merged: User, local_area: LocalArea, at: dt.datetime
) -> AccountMerge:
    """Make `merged` part of `kept` and return the merge, which holds what it takes to undo it.

    Rows that both have (such as a place in the same network) stay with the merged account. Raises
    PermissionDenied unless `by` administers training for the whole of every area either belongs
    to, and UnableToMerge.
    """
    on = clock.london_date(at)
    kept, merged = _locked(kept, merged)
    _check(by, kept, merged, local_area, on)
    grants = _grants_to_end(by, merged, on)
    changes = _join_posts(kept, merged, on)
    for entry in carried():
        changes += carry_over(entry, kept, merged)
    for grant in grants:
        changes += put(grant, "ends_on", max(on, grant.starts_on))
    changes += _carry_address(by, kept, merged, on)
    changes += move(
        Invitation.objects.filter(
            person=merged, accepted_at__isnull=True, withdrawn_at__isnull=True
        ),
        "accounts.Invitation",
        "withdrawn_at",
        None,
        at,
    )
    changes += put(merged, "is_active", False) + put(merged, "merged_into", kept.pk)
    sessions.end_all(merged)
    # The rooms above end what hangs on a post that has gone: that too is undone.
    left_behind = states(
        (entry.model, pk)
        for entry in carried()
        for pk in entry.rows_of(merged.pk).values_list("pk", flat=True)
    )
    posts_changed.send(sender=Post, person_ids={kept.pk, merged.pk}, at=at)
    changes += differences(left_behind)
    recheck_editor_rights(person=merged, on=on)
    merge = AccountMerge.objects.create(
        local_area=local_area,
        kept=kept,
        merged=merged,
        changes=as_rows(changes),
        merged_at=at,
        merged_by=by,
    )
    holds = LegalHold.objects.standing().filter(person__in=[kept.pk, merged.pk]).count()
    numbers = {"rows": len(changes), "roles_ended": len(grants), "legal_holds": holds}
    for subject in (kept, merged):
        audit.record(
            actor=by,
            verb="account.merged",
            obj=merge,
            subject=subject,
            local_area=local_area,
            data=numbers,
            at=at,
        )
    return merge


@transaction.atomic
def undo_merge(*, by: User, merge: AccountMerge, at: dt.datetime) -> list[Change]:
    """Make two accounts of one again; return what could not be put back, because it has changed.

    Raises PermissionDenied or UnableToUndoMerge.
    """
    kept, merged = _locked(merge.kept, merge.merged)
    merge = (
        AccountMerge.objects.select_for_update(of=("self",))
        .select_related("local_area")
        .get(pk=merge.pk)
    )
    on = clock.london_date(at)
    if not _covers(by, [kept, merged], merge.local_area, on):
        raise PermissionDenied
    if by.pk in (kept.pk, merged.pk):
        raise UnableToUndoMerge("One of the two accounts is your own. Ask a colleague.")
    if merge.undone_at is not None:
        raise UnableToUndoMerge("This merge has been undone already.")
    if kept.merged_into_id is not None:
        raise UnableToUndoMerge(
            "The account that was kept has been merged into another since. Undo that first."
        )
    if kept.erased_at is not None or merged.erased_at is not None:
        raise UnableToUndoMerge("One of the accounts has been erased: there is nothing to divide.")
    if kept.suspended_at is not None or merged.suspended_at is not None:
        raise UnableToUndoMerge("The person is suspended. Undo the merge once they are back.")
    changes = as_changes(merge.changes)
    lost = put_back(changes)
    _end_what_would_be_over(merged, changes, at)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    posts_changed.send(sender=Post, person_ids={kept.pk, merged.pk}, at=at)
    for subject in (kept, merged):
        subject.refresh_from_db()
        recheck_editor_rights(person=subject, on=on)
        audit.record(
            actor=by,
            verb="account.merge_undone",
            obj=merge,
            subject=subject,
            local_area=merge.local_area,
            data={"lost": len(lost)},
            at=at,
        )
    return lost


def _end_what_would_be_over(merged: User, changes: list[Change], at: dt.datetime) -> None:
    """Take back roles that came back and would have ended meanwhile, had nobody merged anything:
    with the last post at a place, or with the role they were handed on from.
    """
    yesterday = clock.london_date(at) - dt.timedelta(days=1)
    back = {change.pk for change in changes if change.model == RoleGrant._meta.label}
    grants = RoleGrant.objects.filter(pk__in=back).select_related("delegated_from").order_by("pk")
    for grant in grants:
        source = grant.delegated_from.ends_on if grant.delegated_from else None
        if source is not None and (grant.ends_on is None or grant.ends_on > source):
            end_role(by=None, grant=grant, ends_on=max(source, yesterday), at=at)
    places = Organisation.objects.filter(
        pk__in=[grant.organisation_id for grant in grants if grant.person_id == merged.pk]
    )
    for place in places.select_related("local_area").order_by("pk"):
        end_grants_without_post(person=merged, organisation=place, at=at)


def _locked(*people: User) -> list[User]:
    """Lock the accounts in the order of their numbers; return them in the order given."""
    ids = [person.pk for person in people]
    found = {
        person.pk: person
        for person in User.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    return [found[pk] for pk in ids]


def _covers(by: User, people: list[User], local_area: LocalArea, on: dt.date) -> bool:
    """Whether `by` administers training in the whole of every area these people belong to."""
    areas = set(access.areas_with_role(by, (Role.TRAINING_ADMIN,), on).values_list("pk", flat=True))
    if local_area.pk not in areas:
        return False
    theirs: set[int | None] = set()
    for person in people:
        theirs |= set(person.posts.order_by().values_list("organisation__local_area", flat=True))
        theirs |= set(
            RoleGrant.objects.filter(person=person)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
            .order_by()
            .values_list("local_area", flat=True)
        )
    return theirs <= areas


def _check(by: User, kept: User, merged: User, local_area: LocalArea, on: dt.date) -> None:
    """Refuse what must not become one account."""
    if not _covers(by, [kept, merged], local_area, on):
        raise PermissionDenied
    if kept.pk == merged.pk:
        raise UnableToMerge("Choose two different accounts.")
    if by.pk in (kept.pk, merged.pk):
        raise UnableToMerge("One of the two accounts is your own. Ask a colleague to merge them.")
    for person in (kept, merged):
        if person.merged_into_id is not None:
            raise UnableToMerge(f"This account of {person} is part of another already.")
        if person.erased_at is not None or person.is_superuser:
            raise UnableToMerge("One of these accounts cannot be merged.")
        if person.suspended_at is not None:
            raise UnableToMerge(f"{person} is suspended. Merge the accounts once that is decided.")
    waiting = PrivacyRequest.objects.filter(
        person__in=[kept.pk, merged.pk],
        kind=PrivacyRequestKind.ERASURE,
        state__in=[PrivacyRequestState.ASKED, PrivacyRequestState.APPROVED],
    )
    if waiting.exists():
        raise UnableToMerge("One of the two has asked to be erased. That must be decided first.")
    proposed = RoleProposal.objects.filter(person__in=[kept.pk, merged.pk], decided_at__isnull=True)
    if proposed.exists():
        # It named one account, and whoever decides must not come to mean another.
        raise UnableToMerge(
            "One of the two is proposed as a system administrator. That must be decided first."
        )


def _standing_grants(person: User, on: dt.date) -> list[RoleGrant]:
    return list(
        RoleGrant.objects.filter(person=person)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("local_area", "organisation", "delegated_from")
        .order_by("pk")
    )


def _grants_to_end(by: User, merged: User, on: dt.date) -> list[RoleGrant]:
    """Return the merged account's roles and what was handed on from them.

    Raises UnableToMerge where `by` may not end one: an administrator's role does not go by the
    back door.
    """
    own = _standing_grants(merged, on)
    beyond = [grant for grant in own if not can_end_grant(by, grant, on=on)]
    if beyond:
        roles = ", ".join(sorted({str(grant.get_role_display()).lower() for grant in beyond}))
        raise UnableToMerge(
            f"{merged} holds a role there that you cannot end ({roles}). Keep that account, or "
            "ask a system administrator to end the role first."
        )
    handed_on = RoleGrant.objects.filter(delegated_from__in=own, ends_on__gt=on)
    return [*own, *handed_on.order_by("pk")]


def _join_posts(kept: User, merged: User, on: dt.date) -> list[Change]:
    """Let the same post at the same place become one open post, from the earlier day.

    The other one goes over as a post that has ended. Nobody comes to manage their own line.
    """
    changes: list[Change] = []
    own_line = Q(person=kept, line_manager=merged) | Q(person=merged, line_manager=kept)
    for post in Post.objects.filter(own_line):
        changes += put(post, "line_manager", None)
    for post in Post.objects.filter(person=merged, ends_on__isnull=True):
        twin = Post.objects.filter(
            person=kept,
            organisation=post.organisation_id,
            job_role=post.job_role,
            ends_on__isnull=True,
        ).first()
        if twin is not None:
            changes += put(twin, "starts_on", min(twin.starts_on, post.starts_on))
            changes += put(post, "ends_on", max(on, post.starts_on))
    return changes


def _carry_address(by: User, kept: User, merged: User, on: dt.date) -> list[Change]:
    """Give the kept account the other's address if it has none to sign in with.

    Not where it holds a role beyond what `by` may grant: an address is a way to a new password.
    """
    if kept.email is not None or merged.email is None:
        return []
    if any(not can_end_grant(by, grant, on=on) for grant in _standing_grants(kept, on)):
        return []
    address = merged.email
    addresses = EmailAddress.objects.filter(user=merged)
    return [
        *put(merged, "email", None),
        *put(kept, "email", address),
        *move(addresses, "account.EmailAddress", "user", merged.pk, kept.pk),
    ]
