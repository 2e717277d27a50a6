"""Makes a certificate's PDF: tagged (PDF/UA-1), with a QR code that leads to its public page."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from accounts.models import LocalArea
from cpd_tracking.certificates.fonts import font_folder
from cpd_tracking.enums import RecordSource
from cpd_tracking.explain import day_text
from cpd_tracking.models import Certificate

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_FONT_SOURCE = Path("node_modules/@fontsource/atkinson-hyperlegible-next/files")


@lru_cache(maxsize=1)
def _fonts() -> list[Path]:
    folder = font_folder(Path(settings.BASE_DIR) / _FONT_SOURCE, Path(settings.VAR_DIR) / "fonts")
    return [folder] if folder else []


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
    return typst.compile(
        _TEMPLATE,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data)},
    )


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
