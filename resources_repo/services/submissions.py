"""Submit a resource or a new version of one; it waits as a draft until a reviewer decides."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import slugify
from wagtail.models import WorkflowState

from accounts import audit
from accounts.models import LocalArea, User
from core import clock
from core.models import HouseDocument
from core.pupil_identifiers import scan
from networks.models import Network
from resources_repo.models import ResourceIndexPage, ResourcePage, ResourceVersion
from resources_repo.permissions import can_contribute, can_revise
from resources_repo.uploads import AcceptedFile

# Addresses of our own screens below /resources/.
RESERVED_SLUGS = {"matrix", "submit", "mine", "review", "files", "used"}


class UnableToSubmit(Exception):
    """The resource cannot be submitted; the message says why."""


class HoldsPupilIdentifiers(UnableToSubmit):
    """A text or the file holds what may identify a child. Nothing has been saved.

    `where` names the parts; `may_confirm` is true when it is only a name with a date of birth,
    which the contributor may look at again and confirm.
    """

    def __init__(self, where: Sequence[str], *, may_confirm: bool) -> None:
        self.where, self.may_confirm = list(where), may_confirm
        super().__init__(
            f"The {' and the '.join(where)} may hold information that identifies a child."
        )


def words_of(body: Any) -> str:
    """Return the words of StreamField data (list of {type, value}) as a reader sees them."""
    blocks = body if isinstance(body, list) else list(getattr(body, "raw_data", None) or [])
    # A tag ends nothing for a reader: a number may stand in several.
    return "\n".join(
        unescape(strip_tags(str(block["value"]).replace("<br>", " "))) for block in blocks
    )


def check_for_identifiers(texts: Mapping[str, str], *, looked_again: bool) -> None:
    """Raise HoldsPupilIdentifiers if a text (by the name of its part) holds an identifier.

    UPNs and NHS numbers are never accepted; a name with a date of birth may be confirmed.
    """
    found = {part: scan(text) for part, text in texts.items()}
    hard = [part for part, hits in found.items() if any(hit.must_hold for hit in hits)]
    if hard:
        raise HoldsPupilIdentifiers(hard, may_confirm=False)
    soft = [part for part, hits in found.items() if hits]
    if soft and not looked_again:
        raise HoldsPupilIdentifiers(soft, may_confirm=True)


@transaction.atomic
def submit_resource(
    *,
    by: User,
    local_area: LocalArea,
    title: str,
    summary: str,
    resource_type: str,
    tags: Mapping[str, Sequence[str]],
    licence: str,
    no_pupil_data_confirmed: bool,
    at: dt.datetime,
    body: list[dict[str, Any]] | None = None,
    file: AcceptedFile | None = None,
    network: Network | None = None,
    credit: str = "",
    review_by_on: dt.date | None = None,
    looked_again: bool = False,
) -> ResourcePage:
    """Create a draft resource with its file and start the area's review workflow.

    `tags` maps a facet to values; `body` is StreamField data (list of {type, value}).
    Raises PermissionDenied, HoldsPupilIdentifiers or UnableToSubmit; nothing is saved then.
    """
    today = clock.london_date(at)
    if not can_contribute(by, local_area, on=today):
        raise PermissionDenied
    if network is not None:
        known = Network.objects.in_area(local_area).joined_by(by, today)
        if not known.filter(pk=network.pk).exists():
            raise PermissionDenied
    if not no_pupil_data_confirmed:
        raise UnableToSubmit("Confirm that it holds no information about any child.")
    if file is None and not body:
        raise UnableToSubmit("Add a file, write the text, or both.")
    check_for_identifiers(
        {
            "title": title,
            "summary": summary,
            "text": words_of(body),
            "file": f"{file.name}\n{file.text}" if file else "",
        },
        looked_again=looked_again,
    )
    index = ResourceIndexPage.objects.child_of(local_area.root_page).first()
    if index is None:
        raise UnableToSubmit("This local area has no library yet.")
    page = ResourcePage(
        title=title,
        slug=_free_slug(index, title),
        summary=summary,
        resource_type=resource_type,
        body=body or [],
        network=network,
        contributor=by,
        credit=credit or by.get_full_name(),
        licence=licence,
        review_by_on=review_by_on or _in_two_years(today),
        no_pupil_data_confirmed=True,
        owner=by,
        live=False,
        search_description=summary[:250],
    )
    page.set_tags(**{str(facet): values for facet, values in tags.items()})
    index.add_child(instance=page)
    if file is not None:
        page.current_version = _add_version(
            page, file, "First version", by=by, local_area=local_area, at=at
        )
    page.save_revision(user=by, changed=True)
    _start_review(page, by)
    audit.record(actor=by, verb="resource.submitted", obj=page, local_area=local_area, at=at)
    return page


@transaction.atomic
def propose_version(
    *,
    by: User,
    page: ResourcePage,
    local_area: LocalArea,
    change_note: str,
    at: dt.datetime,
    file: AcceptedFile | None = None,
    looked_again: bool = False,
    **changes: Any,
) -> ResourcePage:
    """Propose a new file, text or summary; the live page and its file stay until it is approved.

    Also answers a reviewer's return: the same review goes on. `changes` may hold title,
    summary, body, licence and review_by_on. Raises PermissionDenied, HoldsPupilIdentifiers or
    UnableToSubmit (a review is under way).
    """
    page = ResourcePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not can_revise(by, page, on=clock.london_date(at)):
        raise PermissionDenied
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise UnableToSubmit("A reviewer is looking at this resource. Wait for their answer.")
    draft = page.get_latest_revision_as_object()
    allowed = {"title", "summary", "body", "licence", "review_by_on"}
    for name in allowed & set(changes):
        setattr(draft, name, changes[name])
    if file is None and not (allowed & set(changes)):
        raise UnableToSubmit("Choose a file, or change the text.")
    check_for_identifiers(
        {
            "title": draft.title,
            "summary": draft.summary,
            "text": words_of(changes.get("body")),
            "note": change_note,
            "file": f"{file.name}\n{file.text}" if file else "",
        },
        looked_again=looked_again,
    )
    if file is not None:
        draft.current_version = _add_version(
            page, file, change_note, by=by, local_area=local_area, at=at
        )
    draft.save_revision(user=by, changed=True)
    page.refresh_from_db()
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
    else:
        _start_review(page, by)
    audit.record(actor=by, verb="resource.version_proposed", obj=page, local_area=local_area, at=at)
    return page


def _start_review(page: ResourcePage, by: User) -> None:
    workflow = page.get_workflow()
    if workflow is None:
        raise UnableToSubmit("This local area has no reviewers yet. Ask its administrator.")
    workflow.start(page, by)


def _add_version(
    page: ResourcePage,
    file: AcceptedFile,
    change_note: str,
    *,
    by: User,
    local_area: LocalArea,
    at: dt.datetime,
) -> ResourceVersion:
    digest = hashlib.sha256(file.content).hexdigest()
    last = page.versions.order_by("-number").first()
    if last is not None and last.sha256 == digest:
        raise UnableToSubmit("This is the file that is there already. Choose the new one.")
    document = HouseDocument(
        title=page.title,
        uploaded_by_user=by,
        collection=local_area.collection,
        file_size=len(file.content),
    )
    document.file.save(file.name, ContentFile(file.content), save=False)
    document.save()
    return ResourceVersion.objects.create(
        page=page,
        number=last.number + 1 if last else 1,
        document=document,
        filename=file.name,
        size=len(file.content),
        sha256=digest,
        change_note=change_note,
        made_by=by,
        made_at=at,
    )


def _free_slug(index: ResourceIndexPage, title: str) -> str:
    base = slugify(title)[:80] or "resource"
    taken = set(index.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= RESERVED_SLUGS
    number, slug = 2, base
    while slug in taken or slug.isdigit():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _in_two_years(today: dt.date) -> dt.date:
    # The last of a month, two years on: 29 February needs no rule of its own.
    return (today.replace(day=1) + dt.timedelta(days=366 * 2)).replace(day=1) - dt.timedelta(days=1)
