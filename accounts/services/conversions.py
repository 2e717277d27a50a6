"""A school becomes another: whoever works there, and what is theirs to do, goes over.

What goes is declared by each room (`core.registry.OrganisationData`): posts that go on,
memberships, roles, clusters. What is over stays with the school that was: ended posts, records,
registers. A post that goes over keeps its first day, so that no training clock begins again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.enums import OrganisationStatus
from accounts.models import LocalArea, Organisation, OrganisationConversion, Post, User
from accounts.moving import put_back, set_field
from accounts.permissions import can_keep_directory
from accounts.selectors.lineage import one_to_one_predecessors, one_to_one_successors, whole_family
from accounts.signals import posts_changed
from core import clock
from core.registry import Change, OnMove, OrganisationData, model_of, organisation_data

_ONE_DAY = dt.timedelta(days=1)
_POST = Post._meta.label
OPEN = (OrganisationStatus.OPEN, OrganisationStatus.CLOSING)


class UnableToConvert(Exception):
    """The school cannot become the other; the message says why."""


class UnableToUndoConversion(Exception):
    """What moved cannot be moved back; the message says why."""


@dataclass(frozen=True)
class Conversion:
    """One school that became another, and how many posts and other things went over."""

    predecessor_urn: int | None
    predecessor: str
    successor_urn: int | None
    successor: str
    posts: int
    others: int


def convert_closed_schools(
    *, local_area: LocalArea, urns: Iterable[int], by: User | None, at: dt.datetime
) -> list[Conversion]:
    """Convert schools of the area that are closed, have people, and became one open school.

    For imports: `urns` are the schools whose status or links have just changed, on either side.
    Rights are the importer's to check. A number of queries that does not depend on how many
    schools there are, and a few more for each that converts.
    """
    in_area = Organisation.objects.filter(local_area=local_area)
    family = whole_family()
    touched = list(in_area.filter(urn__in=set(urns)).order_by("pk").values_list("pk", flat=True))
    earlier = [pk for chain in one_to_one_predecessors(touched, family).values() for pk in chain]
    closed = set(
        in_area.filter(
            pk__in=[*touched, *earlier],
            status=OrganisationStatus.CLOSED,
            conversion__isnull=True,
        )
        .order_by()
        .values_list("pk", flat=True)
    )
    chains = one_to_one_successors(closed, family)
    open_ = in_area.in_bulk({pk for chain in chains.values() for pk in chain})
    done = []
    for pk in sorted(_with_something_to_move(set(chains), clock.london_date(at))):
        successor = next(
            (open_[each] for each in chains[pk] if each in open_ and open_[each].status in OPEN),
            None,
        )
        if successor is not None:
            done.append(
                describe(
                    convert(by=None, predecessor_id=pk, successor_id=successor.pk, at=at, for_=by)
                )
            )
    return done


def _with_something_to_move(organisation_ids: set[int], on: dt.date) -> set[int]:
    found: set[int] = set()
    if organisation_ids:
        for entry in _moving():
            rows = model_of(entry.model)._base_manager.filter(
                **{f"{entry.field}__in": organisation_ids}
            )
            rows = entry.which(rows, on) if entry.which else rows
            found |= set(rows.order_by().values_list(entry.field, flat=True))
    return found


def _moving() -> list[OrganisationData]:
    """What goes over; posts last, since others ask where somebody's post is."""
    entries = [entry for entry in organisation_data() if entry.on_move is OnMove.MOVE]
    return sorted(entries, key=lambda entry: entry.model == _POST)


@transaction.atomic
def convert(
    *,
    by: User | None,
    predecessor_id: int,
    successor_id: int,
    at: dt.datetime,
    for_: User | None = None,
) -> OrganisationConversion:
    """Move what goes on from a closed school to the one it became.

    `by` is None for imports, which act `for_` somebody and check rights themselves. Raises
    PermissionDenied or UnableToConvert.
    """
    pair = {
        row.pk: row
        for row in Organisation.objects.select_for_update(of=("self",))
        .select_related("local_area")
        .filter(pk__in=(predecessor_id, successor_id))
        .order_by("pk")
    }
    predecessor, successor = pair[predecessor_id], pair.get(successor_id)
    area, on = predecessor.local_area, clock.london_date(at)
    if by is not None and (area is None or not can_keep_directory(by, area, on=on)):
        raise PermissionDenied
    successor = _fitting(predecessor, successor)
    changes: list[Change] = []
    for entry in _moving():
        changes += _move(entry, predecessor, successor, by or for_, at)
    conversion = OrganisationConversion.objects.create(
        predecessor=predecessor,
        successor=successor,
        converted_on=_converted_on(predecessor, successor, on),
        changes=[asdict(change) for change in changes],
        recorded_at=at,
        recorded_by=by or for_,
    )
    audit.record(
        actor=by or for_,
        verb="organisation.converted",
        obj=predecessor,
        local_area=area,
        data={"successor": successor.pk, "changes": len(changes)},
        at=at,
    )
    _tell(changes, at)
    return conversion


def _fitting(predecessor: Organisation, successor: Organisation | None) -> Organisation:
    if successor is None or successor.pk == predecessor.pk:
        raise UnableToConvert("Choose the school it became.")
    if predecessor.local_area_id is None or predecessor.local_area_id != successor.local_area_id:
        raise UnableToConvert(f"{successor} does not belong to the same local area.")
    if predecessor.status in OPEN:
        raise UnableToConvert(f"{predecessor} is open. Its people move once it has closed.")
    if successor.status not in OPEN:
        raise UnableToConvert(f"{successor} is not open. Choose an open school.")
    if OrganisationConversion.objects.filter(predecessor=predecessor).exists():
        raise UnableToConvert(f"{predecessor} has become another school already.")
    return successor


def _converted_on(predecessor: Organisation, successor: Organisation, on: dt.date) -> dt.date:
    if predecessor.closed_on is not None and predecessor.closed_on < on:
        return predecessor.closed_on + _ONE_DAY
    return min(successor.opened_on or on, on)


def _move(
    entry: OrganisationData,
    predecessor: Organisation,
    successor: Organisation,
    user: User | None,
    at: dt.datetime,
) -> list[Change]:
    on = clock.london_date(at)
    rows = list(entry.rows_of(predecessor.pk, on).select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        return []
    changes: list[Change] = []
    if entry.model == _POST:
        changes = _make_room_for_posts(rows, successor, user, at)
        ended = {change.pk for change in changes if change.field == "ends_on"}
        rows = [row for row in rows if row.pk not in ended]
    return changes + set_field(rows, entry.field, successor.pk, user, at)


def _make_room_for_posts(
    moving: list[Post], successor: Organisation, user: User | None, at: dt.datetime
) -> list[Change]:
    """End the later of two posts of one person and role, and drop staff numbers that are taken.

    The one that began first goes on: its clock has run longest.
    """
    standing = list(
        Post.objects.select_for_update(of=("self",))
        .filter(organisation=successor, ends_on__isnull=True)
        .order_by("pk")
    )
    there = {(post.person_id, post.job_role): post for post in standing}
    taken = {post.staff_number: post.person_id for post in standing if post.staff_number}
    yesterday = clock.london_date(at) - _ONE_DAY
    changes: list[Change] = []
    for post in moving:
        if post.ends_on is not None:
            continue
        twin = there.get((post.person_id, post.job_role))
        if twin is not None:
            later = post if twin.starts_on < post.starts_on else twin
            changes += set_field([later], "ends_on", max(later.starts_on, yesterday), user, at)
            if later is post:
                continue
            taken.pop(twin.staff_number, None)
        if post.staff_number in taken:
            changes += set_field([post], "staff_number", "", user, at)
    return changes


def _tell(changes: list[Change], at: dt.datetime) -> None:
    posts = [change.pk for change in changes if change.model == _POST]
    people = set(Post.objects.filter(pk__in=posts).order_by().values_list("person_id", flat=True))
    if people:
        posts_changed.send(sender=Post, person_ids=people, at=at)


@transaction.atomic
def undo_conversion(*, by: User, conversion_id: int, at: dt.datetime) -> int:
    """Move back what moved, and return how many things went back.

    What somebody has changed since stays as it is now. Raises PermissionDenied or
    UnableToUndoConversion.
    """
    conversion = (
        OrganisationConversion.objects.select_for_update(of=("self",))
        .select_related("predecessor__local_area")
        .filter(pk=conversion_id)
        .first()
    )
    if conversion is None:
        raise UnableToUndoConversion("This has been undone already.")
    predecessor = conversion.predecessor
    area = predecessor.local_area
    if area is None or not can_keep_directory(by, area, on=clock.london_date(at)):
        raise PermissionDenied
    list(
        Organisation.objects.select_for_update(of=("self",))
        .filter(pk__in=(conversion.predecessor_id, conversion.successor_id))
        .order_by("pk")
    )
    undone = []
    for change in reversed([Change(**change) for change in conversion.changes]):
        undone += put_back(change, by, at)
    audit.record(
        actor=by,
        verb="organisation.conversion_undone",
        obj=predecessor,
        local_area=area,
        data={
            "successor": conversion.successor_id,
            "changes": len(conversion.changes),
            "undone": len(undone),
        },
        at=at,
    )
    conversion.delete()
    _tell(undone, at)
    return len(undone)


def describe(conversion: OrganisationConversion) -> Conversion:
    """Return the conversion in numbers, for whoever reads a report."""
    moved = [
        change
        for change in conversion.changes
        if change["after"] == conversion.successor_id and change["field"] != "ends_on"
    ]
    posts = sum(change["model"] == _POST for change in moved)
    return Conversion(
        predecessor_urn=conversion.predecessor.urn,
        predecessor=conversion.predecessor.name,
        successor_urn=conversion.successor.urn,
        successor=conversion.successor.name,
        posts=posts,
        others=len(moved) - posts,
    )
