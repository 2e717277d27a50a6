"""Bring organisations in from the register of schools, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import OrganisationKind, OrganisationStatus, Phase
from accounts.gias.reading import Establishment, Link
from accounts.models import LocalArea, Organisation, OrganisationLink, User
from accounts.services.conversions import Conversion, convert_closed_schools
from accounts.services.directory import tell_people_of

# What the register says of a school, in the order of the columns compared below.
_COLUMNS = (
    "name", "kind", "la_code", "establishment_number", "gias_type", "phase", "status", "ward",
    "postcode", "opened_on", "closed_on", "pupils", "trust_id", "local_area_id",
)  # fmt: skip
# Rules choose their audience by these.
_ASKED_BY_RULES = [_COLUMNS.index(name) for name in ("kind", "phase", "ward", "local_area_id")]
_DEFAULTS = {"phase": Phase.NOT_APPLICABLE, "status": OrganisationStatus.OPEN}


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do: numbers of rows, and what a person should know.

    `conversions` are schools whose people went over to a successor; `warnings` tell of faults in
    the register that were worked around.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    trusts: int
    links: int
    dry_run: bool = False
    conversions: list[Conversion] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        """Return what goes into the audit log: numbers, no names."""
        kept = ("read", "created", "updated", "unchanged", "trusts", "links")
        return {name: getattr(self, name) for name in kept} | {"conversions": len(self.conversions)}


class _DryRun(Exception):
    """Rolls a dry run back."""


def import_organisations(
    *,
    establishments: Iterable[Establishment],
    links: Iterable[Link] = (),
    serve_la_code: str | None = None,
    local_area: LocalArea | None = None,
    by: User | None = None,
    at: dt.datetime,
    dry_run: bool = False,
) -> ImportResult:
    """Create or update schools by URN, their trusts and links; the same file twice is a no-op.

    Schools of `serve_la_code` (default: the area's own code) are taken under `local_area`; others
    are reference data. What the file does not say never empties what is known. A school of the
    area that this import closes, and whose one successor is open, is converted. All in one
    transaction; the iterables may raise UnreadableFile and then nothing is written.
    """
    result: ImportResult | None = None
    try:
        with transaction.atomic():
            result = _import(establishments, links, serve_la_code, local_area, by, at)
            if dry_run:
                raise _DryRun
            if result.created or result.updated or result.links or result.conversions:
                audit.record(
                    actor=by,
                    verb="organisations.imported",
                    local_area=local_area,
                    data=result.numbers(),
                    at=at,
                )
    except _DryRun:
        assert result is not None
        result = replace(result, dry_run=True)
    return result


def _import(
    establishments: Iterable[Establishment],
    links: Iterable[Link],
    serve_la_code: str | None,
    local_area: LocalArea | None,
    by: User | None,
    at: dt.datetime,
) -> ImportResult:
    rows = {row.urn: row for row in establishments}
    served = serve_la_code or (local_area.code if local_area else None)
    trusts, new_trusts = _trusts({row.trust_name for row in rows.values() if row.trust_name})
    # Other than FOR UPDATE, this lets people be given posts while the register is read.
    known: dict[int, tuple[Any, ...]] = {
        row[0]: row[1:]
        for row in Organisation.objects.select_for_update(no_key=True)
        .filter(urn__isnull=False)
        .order_by("pk")
        .values_list("urn", *_COLUMNS)
    }
    warnings: list[str] = []
    new: list[Organisation] = []
    changed: list[Organisation] = []
    touched: set[int] = set()
    other_for_rules: set[int] = set()
    for urn, row in rows.items():
        area = local_area.pk if local_area and row.la_code == served else None
        before = known.get(urn)
        after = _after(row, trusts.get(row.trust_name), area, before, warnings)
        if after == before:
            continue
        (new if before is None else changed).append(
            Organisation(urn=urn, **dict(zip(_COLUMNS, after, strict=True)))
        )
        if area is not None and (before is None or before[6] != after[6]):
            touched.add(urn)
        if before is not None and any(before[place] != after[place] for place in _ASKED_BY_RULES):
            other_for_rules.add(urn)
    Organisation.objects.bulk_create(new, batch_size=2000)
    # One statement for many rows: an UPDATE of 50,000 rows by CASE takes minutes.
    Organisation.objects.bulk_create(
        changed,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["urn"],
        update_fields=_COLUMNS,
    )
    if local_area is not None:
        _serve_trusts(local_area)
    new_links, linked = _links(links)
    if other_for_rules and local_area is not None:
        places = Organisation.objects.in_area(local_area).filter(urn__in=other_for_rules)
        tell_people_of(places.order_by().values_list("pk", flat=True), at)
    conversions = (
        convert_closed_schools(local_area=local_area, urns=touched | linked, by=by, at=at)
        if local_area is not None and touched | linked
        else []
    )
    return ImportResult(
        read=len(rows),
        created=len(new),
        updated=len(changed),
        unchanged=len(rows) - len(new) - len(changed),
        trusts=new_trusts,
        links=new_links,
        conversions=conversions,
        warnings=warnings,
    )


def _after(
    row: Establishment,
    trust: int | None,
    area: int | None,
    before: tuple[Any, ...] | None,
    warnings: list[str],
) -> tuple[Any, ...]:
    """Return the school's columns once the row is read; what it does not say stays as it was."""
    said = {"trust_id": trust, "local_area_id": area}
    after = [said[name] if name in said else getattr(row, name) for name in _COLUMNS]
    for place, name in enumerate(_COLUMNS):
        if after[place] in ("", None):
            unknown = _DEFAULTS.get(name, after[place])
            after[place] = unknown if before is None else before[place]
    if row.status == OrganisationStatus.OPEN and row.closed_on is None:
        after[10] = None  # It has opened again.
    opened_on, closed_on = after[9], after[10]
    if opened_on and closed_on and closed_on < opened_on:
        warnings.append(
            f"URN {row.urn} closes ({closed_on:%d-%m-%Y}) before it opens "
            f"({opened_on:%d-%m-%Y}): its opening date was left out."
        )
        after[9] = None
    return tuple(after)


def _trusts(names: set[str]) -> tuple[dict[str, int], int]:
    known = dict(
        Organisation.objects.filter(kind=OrganisationKind.TRUST)
        .order_by("-pk")
        .values_list("name", "pk")
    )
    new = Organisation.objects.bulk_create(
        Organisation(name=name, kind=OrganisationKind.TRUST)
        for name in sorted(names)
        if name not in known
    )
    return {**known, **{trust.name: trust.pk for trust in new}}, len(new)


def _serve_trusts(local_area: LocalArea) -> None:
    """Take the trusts of the area's academies under the area, unless another one has them."""
    theirs = Organisation.objects.filter(local_area=local_area, trust__isnull=False)
    Organisation.objects.filter(
        pk__in=theirs.order_by().values("trust"), local_area__isnull=True
    ).update(local_area=local_area)


def _links(links: Iterable[Link]) -> tuple[int, set[int]]:
    """Keep new links, and complete those whose other end came in later.

    Returns how many are new, and the URNs of both.
    """
    by_urn = dict(
        Organisation.objects.filter(urn__isnull=False).order_by().values_list("urn", "pk")
    )
    waiting = [
        link
        for link in OrganisationLink.objects.filter(
            Q(organisation__isnull=True) | Q(linked__isnull=True)
        )
        if (link.organisation_id is None and link.urn in by_urn)
        or (link.linked_id is None and link.linked_urn in by_urn)
    ]
    known = set(OrganisationLink.objects.order_by().values_list("urn", "linked_urn", "link_type"))
    new = {
        (row.urn, row.linked_urn, row.link_type): OrganisationLink(
            urn=row.urn,
            linked_urn=row.linked_urn,
            linked_name=row.linked_name,
            organisation_id=by_urn.get(row.urn),
            linked_id=by_urn.get(row.linked_urn),
            link_type=row.link_type,
            established_on=row.established_on,
        )
        for row in links
        if (row.urn, row.linked_urn, row.link_type) not in known
    }
    for link in waiting:
        link.pk = None
        link.organisation_id = by_urn.get(link.urn)
        link.linked_id = by_urn.get(link.linked_urn)
    OrganisationLink.objects.bulk_create(new.values(), batch_size=2000)
    OrganisationLink.objects.bulk_create(
        waiting,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["urn", "linked_urn", "link_type"],
        update_fields=["organisation", "linked"],
    )
    urns = {urn for link in (*new.values(), *waiting) for urn in (link.urn, link.linked_urn)}
    return len(new), urns
