"""Accounts of an employer's directory that sign somebody in: who may link one, and use it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.enums import OrganisationKind
from accounts.invitation_rows import posts_to_invite
from accounts.models import LocalArea, Organisation, SignInService, User
from accounts.querysets import SignInServiceQuerySet
from accounts.services.invitations import UnableToAccept, accept_with_service
from core import clock


class UnableToLink(Exception):
    """The account cannot be linked; the message says why."""


class UnableToUnlink(Exception):
    """The account must stay linked; the message says why."""


def organisations_of(service: SignInService) -> set[int]:
    """Return the organisations whose people are in the service's directory.

    Its organisation with the teams below it; a trust's directory holds its academies' people.
    """
    roots = {service.organisation_id}
    if service.organisation.kind == OrganisationKind.TRUST:
        roots |= set(
            Organisation.objects.filter(trust=service.organisation_id)
            .order_by()
            .values_list("pk", flat=True)
        )
    return access.with_teams_below(roots)


def may_link(person: User, service: SignInService, *, on: dt.date) -> bool:
    """Whether the person works there now, or soon, or works for the area where it is the area's.

    Roles over a whole area are held by people of its local authority.
    """
    if not person.is_active or not service.is_active:
        return False
    covered = organisations_of(service)
    if posts_to_invite(on).filter(person=person, organisation__in=covered).exists():
        return True
    grants = access.grants_in_force(person, on).filter(local_area=service.local_area_id)
    reach = Q(organisation__in=covered)
    if service.organisation.kind == OrganisationKind.LOCAL_AUTHORITY:
        reach |= Q(organisation__isnull=True)
    return grants.filter(reach).exists()


def may_sign_in(person: User, service: SignInService, *, on: dt.date) -> bool:
    """Whether the linked service still lets the person in: as long as they could link it."""
    return may_link(person, service, on=on)


def services_to_link(person: User, *, local_area: LocalArea, on: dt.date) -> list[SignInService]:
    """Return the services the person may link and has not."""
    linked = SocialAccount.objects.filter(user=person).values("provider")
    found: SignInServiceQuerySet = SignInService.objects.filter(
        local_area=local_area, is_active=True
    ).exclude(slug__in=linked)
    return [
        service
        for service in found.select_related("organisation")
        if may_link(person, service, on=on)
    ]


def linked_services(person: User) -> list[dict[str, Any]]:
    """Return the person's linked accounts with the name of each service; two queries."""
    accounts = list(SocialAccount.objects.filter(user=person).order_by("date_joined"))
    services = SignInService.objects.filter(slug__in=[each.provider for each in accounts])
    names = dict(services.order_by().values_list("slug", "name"))
    return [
        {"account": each, "name": names.get(each.provider, "A service no longer used")}
        for each in accounts
    ]


@transaction.atomic
def link_by_invitation(
    *, invitation_pk: int, service: SignInService, account: SocialAccount, at: dt.datetime
) -> User:
    """Accept an invitation with an account of the employer's directory, which then signs in.

    `account` is not saved yet. Raises UnableToLink: the invitation is not open any more, or is not
    for one of the service's people.
    """
    try:
        person = accept_with_service(invitation_pk, at=at)
    except UnableToAccept as error:
        raise UnableToLink(str(error)) from error
    if not may_link(person, service, on=clock.london_date(at)):
        raise UnableToLink("The invitation comes from another employer.")
    account.user = person
    account.save()
    _record("sign_in.service_linked", person, service.slug, at)
    return person


def record_linked(*, person: User, provider: str, at: dt.datetime) -> None:
    """Write down that somebody linked an account while signed in."""
    _record("sign_in.service_linked", person, provider, at)


@transaction.atomic
def unlink(*, by: User, account: SocialAccount, at: dt.datetime) -> None:
    """Take a linked account away; raises PermissionDenied for somebody else's, UnableToUnlink if
    nothing else would sign the person in.
    """
    if account.user_id != by.pk:
        raise PermissionDenied
    User.objects.select_for_update().get(pk=by.pk)
    others = SocialAccount.objects.filter(user=by).exclude(pk=account.pk).exists()
    passkeys = Authenticator.objects.filter(user=by, type=Authenticator.Type.WEBAUTHN)
    alone = any(each.wrap().is_passwordless for each in passkeys)
    if not (others or alone or by.has_usable_password()):
        raise UnableToUnlink("Nothing else signs you in. Set a password or a passkey first.")
    provider = account.provider
    account.delete()
    _record("sign_in.service_unlinked", by, provider, at)


def _record(verb: str, person: User, provider: str, at: dt.datetime) -> None:
    service = SignInService.objects.filter(slug=provider).first()
    audit.record(
        actor=person,
        verb=verb,
        obj=service,
        subject=person,
        at=at,
    )
