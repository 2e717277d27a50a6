"""Organisations the register of schools does not know: added, changed and closed by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import access, audit
from accounts.enums import SCHOOL_KINDS, OrganisationKind, OrganisationStatus, Phase
from accounts.models import LocalArea, Organisation, Post, User
from accounts.permissions import can_keep_directory
from accounts.querysets import in_force
from accounts.signals import posts_changed
from core import clock

# The trees of teams, each of one employer; a team stands below its own tree only.
TREES: tuple[frozenset[str], ...] = (
    frozenset(
        {
            OrganisationKind.LOCAL_AUTHORITY,
            OrganisationKind.LA_TEAM,
            OrganisationKind.SOCIAL_CARE_TEAM,
            OrganisationKind.FAMILY_HUB,
            OrganisationKind.CHILDRENS_CENTRE,
        }
    ),
    frozenset({OrganisationKind.NHS_PROVIDER}),
    frozenset({OrganisationKind.VOLUNTARY}),
)
IN_A_TREE: frozenset[str] = frozenset().union(*TREES)
# What GIAS knows comes from GIAS.
KINDS_BY_HAND: tuple[str, ...] = tuple(
    kind for kind in OrganisationKind.values if kind not in SCHOOL_KINDS
)
# Rules choose their audience by these: when one changes, what is asked of people may, too.
_ASKED_BY_RULES = ("kind", "phase", "ward", "parent_id")


class UnableToChangeOrganisation(Exception):
    """The organisation cannot be so; the message says why, `field` where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Described:
    """What is said of an organisation by hand."""

    name: str
    kind: str
    phase: str = Phase.NOT_APPLICABLE
    ward: str = ""
    postcode: str = ""
    parent: Organisation | None = None


@transaction.atomic
def add_organisation(
    *, by: User, local_area: LocalArea, described: Described, at: dt.datetime
) -> Organisation:
    """Add an organisation the register does not know.

    Raises PermissionDenied or UnableToChangeOrganisation.
    """
    area = _locked_area(by, local_area, at)
    organisation = Organisation(local_area=area, opened_on=None)
    _describe(organisation, described)
    organisation.save()
    audit.record(actor=by, verb="organisation.added", obj=organisation, local_area=area, at=at)
    return organisation


@transaction.atomic
def change_organisation(
    *, by: User, organisation: Organisation, described: Described, at: dt.datetime
) -> Organisation:
    """Change what was said by hand; raises PermissionDenied or UnableToChangeOrganisation."""
    organisation, area = _locked(by, organisation, at)
    if organisation.urn is not None:
        raise UnableToChangeOrganisation("The register of schools says this. It changes there.")
    before = {name: getattr(organisation, name) for name in _ASKED_BY_RULES}
    _describe(organisation, described)
    organisation.save()
    audit.record(actor=by, verb="organisation.changed", obj=organisation, local_area=area, at=at)
    if any(getattr(organisation, name) != value for name, value in before.items()):
        tell_people_of([organisation.pk], at)
    return organisation


@transaction.atomic
def set_trust(
    *, by: User, organisation: Organisation, trust: Organisation | None, at: dt.datetime
) -> Organisation:
    """Say which trust an academy belongs to; raises PermissionDenied or
    UnableToChangeOrganisation.
    """
    organisation, area = _locked(by, organisation, at)
    if organisation.kind not in SCHOOL_KINDS:
        raise UnableToChangeOrganisation("Only a school belongs to a trust.", "trust")
    if trust is not None and (
        trust.kind != OrganisationKind.TRUST or trust.local_area_id != area.pk
    ):
        raise UnableToChangeOrganisation("Choose a trust of this local area.", "trust")
    organisation.trust = trust
    organisation.save(update_fields=["trust"])
    audit.record(
        actor=by,
        verb="organisation.trust_set",
        obj=organisation,
        local_area=area,
        data={"trust": trust.pk if trust else None},
        at=at,
    )
    return organisation


@transaction.atomic
def close_organisation(
    *, by: User, organisation: Organisation, closed_on: dt.date, at: dt.datetime
) -> Organisation:
    """Close an organisation on its last day, once nobody has a post there any more.

    Raises PermissionDenied or UnableToChangeOrganisation.
    """
    organisation, area = _locked(by, organisation, at)
    if organisation.urn is not None:
        raise UnableToChangeOrganisation("A school closes in the register, and here by its import.")
    if organisation.status == OrganisationStatus.CLOSED:
        raise UnableToChangeOrganisation(f"{organisation} has closed already.")
    if closed_on > clock.london_date(at):
        raise UnableToChangeOrganisation("The last day must be today or earlier.", "closed_on")
    if organisation.opened_on and closed_on < organisation.opened_on:
        raise UnableToChangeOrganisation("The last day is before the first.", "closed_on")
    if (
        Organisation.objects.filter(parent=organisation)
        .exclude(status=OrganisationStatus.CLOSED)
        .exists()
    ):
        raise UnableToChangeOrganisation(
            "There are open teams below it. Close them, or move them elsewhere, first."
        )
    posts = Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=closed_on), organisation=organisation
    ).count()
    if posts:
        words = "1 post goes" if posts == 1 else f"{posts} posts go"
        raise UnableToChangeOrganisation(f"{words} on here. End them first.")
    organisation.status, organisation.closed_on = OrganisationStatus.CLOSED, closed_on
    organisation.save(update_fields=["status", "closed_on"])
    audit.record(actor=by, verb="organisation.closed", obj=organisation, local_area=area, at=at)
    return organisation


def tell_people_of(organisation_ids: Iterable[int], at: dt.datetime) -> None:
    """Let the rooms above work out anew what is asked of whoever works there, or in a team below.

    Sent inside the caller's transaction.
    """
    places = access.with_teams_below(organisation_ids)
    people = set(
        Post.objects.filter(in_force(clock.london_date(at)), organisation__in=places)
        .order_by()
        .values_list("person_id", flat=True)
    )
    if people:
        posts_changed.send(sender=Post, person_ids=people, at=at)


def possible_parents(kind: str) -> Collection[str]:
    """Return the kinds an organisation of this kind may stand below."""
    return next((tree for tree in TREES if kind in tree), frozenset())


def _locked_area(by: User, local_area: LocalArea | None, at: dt.datetime) -> LocalArea:
    """Lock the area, so that its trees change one at a time, and check the right to."""
    if local_area is None or not can_keep_directory(by, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    return LocalArea.objects.select_for_update(of=("self",)).get(pk=local_area.pk)


def _locked(
    by: User, organisation: Organisation, at: dt.datetime
) -> tuple[Organisation, LocalArea]:
    area = _locked_area(by, organisation.local_area, at)
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    return locked, area


def _describe(organisation: Organisation, described: Described) -> None:
    if described.kind not in KINDS_BY_HAND:
        raise UnableToChangeOrganisation("Schools come from the register of schools.", "kind")
    twins = Organisation.objects.filter(
        local_area=organisation.local_area_id, name__iexact=described.name, kind=described.kind
    ).exclude(status=OrganisationStatus.CLOSED)
    if twins.exclude(pk=organisation.pk).exists():
        raise UnableToChangeOrganisation(
            "There is one of this kind and name already. Give it a name that tells them apart.",
            "name",
        )
    is_childminder = described.kind == OrganisationKind.CHILDMINDER
    if is_childminder and not described.ward:
        raise UnableToChangeOrganisation("Enter the ward: it stands for the address.", "ward")
    _check_parent(organisation, described)
    organisation.name, organisation.kind = described.name, described.kind
    organisation.phase, organisation.ward = described.phase, described.ward
    # A childminder's address is a home: it is never kept.
    organisation.postcode = "" if is_childminder else described.postcode
    organisation.parent = described.parent


def _check_parent(organisation: Organisation, described: Described) -> None:
    parent = described.parent
    if parent is None:
        if organisation.pk and described.kind not in IN_A_TREE and organisation.teams.exists():
            raise UnableToChangeOrganisation("There are teams below it. Move them first.", "kind")
        return
    if parent.local_area_id != organisation.local_area_id:
        raise UnableToChangeOrganisation("Choose an organisation of this local area.", "parent")
    if parent.kind not in possible_parents(described.kind):
        raise UnableToChangeOrganisation(
            f"{parent} belongs to another employer's tree. Choose one of the same employer.",
            "parent",
        )
    if organisation.pk and parent.pk in access.with_teams_below([organisation.pk]):
        raise UnableToChangeOrganisation(
            f"{parent} is below {organisation}, so it cannot be above it.", "parent"
        )
