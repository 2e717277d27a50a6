"""What course screens show of requirements and certificates (courses.hooks)."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from accounts.models import User
from courses.hooks import CertificateLink, Reason
from courses.models import Completion, Course
from cpd_tracking.enums import Basis
from cpd_tracking.explain import day_text
from cpd_tracking.models import Certificate, Obligation
from cpd_tracking.wording import status_words, until_words


def reasons_of(person: User, course: Course, today: dt.date) -> list[Reason]:
    """Return why the course is on the person's list: one reason a requirement and post."""
    rows = (
        Obligation.objects.current(today)
        .with_status(today)
        .filter(learner=person, requirement__course=course)
        .select_related("requirement", "version", "post__organisation")
        .order_by("due_on", "pk")
    )
    return [_reason(row, today) for row in rows]


def _reason(row: Obligation, today: dt.date) -> Reason:
    at = f" ({row.post.organisation})" if row.post is not None else ""
    edition = f" ({row.version.edition})" if row.version.edition else ""
    until = until_words(row, row.status, today)
    return Reason(
        sentence=f"Asked of {row.requirement.audience_label}{at}",
        basis=str(Basis(row.version.basis).label),
        source=f"{row.version.reference}{edition}" if row.version.reference else "",
        source_url=row.version.reference_url,
        status=row.status,
        status_label=status_words(row.status, row.due_on, today),
        due=until[:1].upper() + until[1:],
    )


def certificate_of(completion: Completion) -> CertificateLink | None:
    """Return the certificate a completion earned, if its record stands."""
    certificate = (
        Certificate.objects.standing()
        .filter(
            person=completion.person_id,
            record__origin_uid=completion.source_uid,
            record__superseded_by__isnull=True,
        )
        .first()
    )
    if certificate is None:
        return None
    until = certificate.expires_on
    return CertificateLink(
        url=reverse("cpd_tracking:certificate_pdf", args=[certificate.code]),
        detail=f"PDF, valid until {day_text(until)}" if until else "PDF",
    )
