"""What course screens show of requirements and certificates (courses.hooks)."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from accounts.models import User
from courses.hooks import CertificateLink, Reason
from courses.models import Completion, Course
from cpd_tracking.enums import Basis, Status
from cpd_tracking.explain import day_text, late_text
from cpd_tracking.models import Certificate, Obligation


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
    late = (today - row.due_on).days
    at = f" ({row.post.organisation})" if row.post is not None else ""
    label = str(Status(row.status).label)
    due = f"Due {day_text(row.due_on)}"
    if row.status == Status.COMPLIANT:
        due = f"Up to date until {day_text(row.expires_on)}" if row.expires_on else ""
    elif row.status in (Status.EXEMPT, Status.PAUSED):
        label, due = "Not required now", ""
    elif late > 0:
        due = f"Was due {day_text(row.due_on)}, {late_text(late)}"
    return Reason(
        sentence=f"Asked of {row.requirement.audience_label}{at}",
        basis=str(Basis(row.version.basis).label),
        source=" ".join(filter(None, [row.version.reference, row.version.edition])),
        source_url=row.version.reference_url,
        status=row.status,
        status_label=label,
        due=due,
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
