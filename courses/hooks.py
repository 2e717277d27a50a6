"""Places where rooms above add to course screens; courses never imports them.

A provider is registered once, in the `ready()` of the app that has something to say, and gets
everything it needs in its arguments. Without providers the screens simply leave the part out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import Completion, Course


@dataclass(frozen=True)
class Reason:
    """Why a course is on someone's list, in words ready to show.

    `sentence` ("Required of everyone who handles personal data"), `basis` ("Statutory"),
    `source` and its link (the guidance and edition), `status` and `status_label` as the
    status tag takes them, `due` ("Due 30 September 2026").
    """

    sentence: str
    basis: str = ""
    source: str = ""
    source_url: str = ""
    status: str = ""
    status_label: str = ""
    due: str = ""


@dataclass(frozen=True)
class CertificateLink:
    """A certificate that a completion earned."""

    url: str
    label: str = "Download your certificate"
    detail: str = ""


ReasonsProvider = Callable[["User", "Course", dt.date], list[Reason]]
CertificateProvider = Callable[["Completion"], CertificateLink | None]

_reasons: list[ReasonsProvider] = []
_certificates: list[CertificateProvider] = []


def register_reasons(provider: ReasonsProvider) -> ReasonsProvider:
    """Add a provider of reasons: called with (person, course, today); returns a list of Reason."""
    if provider not in _reasons:
        _reasons.append(provider)
    return provider


def register_certificates(provider: CertificateProvider) -> CertificateProvider:
    """Add a provider of certificates: called with a Completion; returns a link or None."""
    if provider not in _certificates:
        _certificates.append(provider)
    return provider


def reasons_for(person: User, course: Course, *, today: dt.date) -> list[Reason]:
    """Return every reason why the course is on the person's list, in order of registration."""
    return [reason for provider in _reasons for reason in provider(person, course, today)]


def certificate_for(completion: Completion) -> CertificateLink | None:
    """Return the first certificate a provider knows for the completion."""
    for provider in _certificates:
        link = provider(completion)
        if link is not None:
            return link
    return None
