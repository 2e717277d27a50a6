"""Bring organisations in from the register of schools, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.enums import OrganisationKind
from accounts.gias.reading import Establishment, Link
from accounts.models import LocalArea, Organisation, OrganisationLink, User

_READ_FIELDS = [field.name for field in fields(Establishment) if field.name not in ("trust_name",)]
_EMPTY_MEANS_UNKNOWN = (
    "establishment_number",
    "ward",
    "postcode",
    "opened_on",
    "closed_on",
    "pupils",
)


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do: numbers of rows."""

    read: int
    created: int
    updated: int
    unchanged: int
    trusts: int
    links: int
    dry_run: bool


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
    are reference data. A column the file lacks never empties what is known. All in one
    transaction; the iterables may raise UnreadableFile and then nothing is written.
    """
    result: ImportResult | None = None
    try:
        with transaction.atomic():
            result = _import(establishments, links, serve_la_code, local_area)
            if dry_run:
                raise _DryRun
            if result.created or result.updated or result.links:
                audit.record(
                    actor=by,
                    verb="organisations.imported",
                    local_area=local_area,
                    data=asdict(result),
                    at=at,
                )
    except _DryRun:
        assert result is not None
        result = ImportResult(**{**asdict(result), "dry_run": True})
    return result


def _import(
    establishments: Iterable[Establishment],
    links: Iterable[Link],
    serve_la_code: str | None,
    local_area: LocalArea | None,
) -> ImportResult:
    rows = {row.urn: row for row in establishments}
    served = serve_la_code or (local_area.code if local_area else None)
    trusts, new_trusts = _trusts({row.trust_name for row in rows.values() if row.trust_name})
    known = {
        organisation.urn: organisation
        for organisation in Organisation.objects.select_for_update(of=("self",)).filter(
            urn__isnull=False
        )
    }
    new, changed = [], []
    for urn, row in rows.items():
        wanted = {name: getattr(row, name) for name in _READ_FIELDS}
        if row.trust_name:
            wanted["trust_id"] = trusts[row.trust_name]
        if local_area is not None and row.la_code == served:
            wanted["local_area_id"] = local_area.pk
        current = known.get(urn)
        if current is None:
            new.append(Organisation(**wanted))
            continue
        differences = {
            name: value
            for name, value in wanted.items()
            if getattr(current, name) != value
            and not (name in _EMPTY_MEANS_UNKNOWN and value in ("", None))
        }
        if differences:
            for name, value in differences.items():
                setattr(current, name, value)
            changed.append(current)
    Organisation.objects.bulk_create(new, batch_size=1000)
    if changed:
        Organisation.objects.bulk_update(
            changed, [*_READ_FIELDS, "trust_id", "local_area_id"], batch_size=500
        )
    return ImportResult(
        read=len(rows),
        created=len(new),
        updated=len(changed),
        unchanged=len(rows) - len(new) - len(changed),
        trusts=new_trusts,
        links=_links(links),
        dry_run=False,
    )


def _trusts(names: set[str]) -> tuple[dict[str, int], int]:
    known = dict(
        Organisation.objects.filter(kind=OrganisationKind.TRUST, name__in=names).values_list(
            "name", "pk"
        )
    )
    new = Organisation.objects.bulk_create(
        Organisation(name=name, kind=OrganisationKind.TRUST)
        for name in sorted(names)
        if name not in known
    )
    return {**known, **{trust.name: trust.pk for trust in new}}, len(new)


def _links(links: Iterable[Link]) -> int:
    by_urn = dict(Organisation.objects.filter(urn__isnull=False).values_list("urn", "pk"))
    # Links whose other end came in later are completed now.
    waiting = [
        link
        for link in OrganisationLink.objects.filter(
            Q(organisation__isnull=True) | Q(linked__isnull=True)
        )
        if (link.organisation_id is None and link.urn in by_urn)
        or (link.linked_id is None and link.linked_urn in by_urn)
    ]
    for link in waiting:
        link.organisation_id = by_urn.get(link.urn)
        link.linked_id = by_urn.get(link.linked_urn)
    OrganisationLink.objects.bulk_update(waiting, ["organisation", "linked"], batch_size=500)
    known = set(OrganisationLink.objects.values_list("urn", "linked_urn", "link_type"))
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
    OrganisationLink.objects.bulk_create(new.values(), batch_size=1000)
    return len(new)
