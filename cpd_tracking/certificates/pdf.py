"""Makes a certificate's PDF: tagged (PDF/UA-1), with a QR code that leads to its public page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import segno

from accounts.models import LocalArea
from core.documents.pdf import compile_pdf
from cpd_tracking.enums import RecordSource
from cpd_tracking.explain import day_text
from cpd_tracking.models import Certificate

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(*, certificate: Certificate, url: str, local_area: LocalArea | None) -> bytes:
    """Return the PDF for its holder: full name, course and version, hours, dates, code and QR."""
    record = certificate.record
    title = record.title
    area = local_area.name if local_area else "Waymark"
    data: dict[str, Any] = {
        "document_title": f"Certificate: {title}",
        "area": area,
        "product": local_area.product_name if local_area else "Waymark",
        "brand": local_area.brand if local_area else "#1b5e4b",
        "name": certificate.person.get_full_name(),
        "title": title,
        "facts": facts_of(certificate),
        "url": url,
        "url_shown": url.split("://", 1)[-1],
        "code": certificate.spaced_code,
        "qr": _qr(url),
        "qr_alt": "QR code that opens the page where this certificate can be checked",
    }
    return compile_pdf(_TEMPLATE, data)


def facts_of(certificate: Certificate) -> list[dict[str, str]]:
    """Return what a certificate says, in order, as label and value."""
    record = certificate.record
    facts = [{"label": "Completed on", "value": day_text(record.occurred_on)}]
    if record.course_version is not None:
        facts.append({"label": "Course version", "value": record.course_version.number})
    if record.hours:
        facts.append({"label": "Hours of CPD", "value": f"{record.hours.normalize():f}"})
    facts.append({"label": "How it is known", "value": str(RecordSource(record.source).label)})
    if certificate.expires_on is not None:
        facts.append({"label": "Valid until", "value": day_text(certificate.expires_on)})
    return facts


def _qr(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
