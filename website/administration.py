"""The administration of a local area: every room an administrator keeps, on one page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.enums import PrivacyRequestState, Role
from accounts.models import LocalArea, PrivacyRequest, RoleProposal

ADMIN, TRAINING, AUDITOR, DPO = (
    Role.SYSTEM_ADMIN,
    Role.TRAINING_ADMIN,
    Role.AUDITOR,
    Role.DPO,
)
KEEPERS = (ADMIN, TRAINING, DPO, AUDITOR)


@dataclass(frozen=True)
class Entry:
    """One room: a link and a line; `waiting` is what somebody should look at, in words."""

    route: str
    title: str
    line: str
    roles: tuple[str, ...]
    waiting: str = ""

    @property
    def url(self) -> str:
        """Return its address."""
        return reverse(self.route)


@dataclass(frozen=True)
class Section:
    """Rooms that belong together."""

    title: str
    entries: tuple[Entry, ...] = field(default=())


SECTIONS = (
    Section(
        "People",
        (
            Entry("accounts:people", "People", "Who works where, and since when.", (TRAINING,)),
            Entry(
                "accounts:staff-imports",
                "Lists of staff",
                "Bring in a school system’s list; look at it first, undo it after.",
                (TRAINING,),
            ),
            Entry(
                "accounts:invitations",
                "Invitations",
                "Who has been asked to sign in, by mail or on a card.",
                (TRAINING,),
            ),
            Entry(
                "accounts:merge-find",
                "Merge accounts",
                "When one person has two. It can be undone.",
                (TRAINING,),
            ),
        ),
    ),
    Section(
        "Settings and teams",
        (
            Entry(
                "accounts:organisations",
                "Organisations",
                "Schools, settings, teams, trusts and boards of the area.",
                (TRAINING, ADMIN),
            ),
            Entry(
                "accounts:clusters",
                "Clusters",
                "Groups of settings that work together.",
                (TRAINING, ADMIN),
            ),
        ),
    ),
    Section(
        "Access",
        (
            Entry(
                "accounts:roles",
                "Roles",
                "Who may do what, where, and until when.",
                (TRAINING, ADMIN),
            ),
            Entry(
                "accounts:proposals",
                "New system administrators",
                "It takes two people to make one.",
                (ADMIN,),
            ),
            Entry(
                "accounts:sign-in-services",
                "Sign-in services",
                "Employers’ own sign-in: Microsoft Entra and Google Workspace.",
                (ADMIN,),
            ),
            Entry(
                "accounts:find-sign-in",
                "Help with sign-in",
                "Suspend somebody, let them back in, or help when a device is lost.",
                (ADMIN,),
            ),
        ),
    ),
    Section(
        "Personal data",
        (
            Entry(
                "accounts:privacy-requests",
                "Requests",
                "People who ask for a copy or for erasure. A month to answer.",
                (DPO, ADMIN, AUDITOR),
            ),
            Entry(
                "accounts:legal-holds",
                "Legal holds",
                "Whose records must not be erased at present.",
                (DPO, ADMIN, AUDITOR),
            ),
            Entry(
                "accounts:retention",
                "How long things are kept",
                "Figures, a dry run, and disposal with a second approval.",
                (DPO, ADMIN, AUDITOR),
            ),
        ),
    ),
    Section(
        "Records",
        (
            Entry(
                "accounts:audit-log",
                "Audit log",
                "Who did what to whom, when and why.",
                (ADMIN, AUDITOR),
            ),
            Entry(
                "accounts:open-record",
                "Open one person’s record",
                "With a reason, which the person is told.",
                (ADMIN, AUDITOR),
            ),
        ),
    ),
)


def administration_of(local_area: LocalArea, roles: Collection[str]) -> list[Section]:
    """Return the sections for someone who holds these roles over the whole area.

    At most two queries: what waits is counted for those who may decide it.
    """
    held = set(roles)
    waiting = _waiting(local_area, held)
    sections = (
        Section(
            section.title,
            tuple(
                Entry(e.route, e.title, e.line, e.roles, waiting.get(e.route, ""))
                for e in section.entries
                if held & set(e.roles)
            ),
        )
        for section in SECTIONS
    )
    return [section for section in sections if section.entries]


def _waiting(local_area: LocalArea, held: set[str]) -> Mapping[str, str]:
    found = {}
    if ADMIN in held:
        open_proposals = RoleProposal.objects.filter(
            local_area=local_area, decided_at__isnull=True
        ).count()
        if open_proposals:
            found["accounts:proposals"] = f"{open_proposals} to decide"
    if DPO in held:
        asked = PrivacyRequest.objects.filter(
            local_area=local_area, state=PrivacyRequestState.ASKED
        ).count()
        if asked:
            found["accounts:privacy-requests"] = f"{asked} to decide"
    return found
