"""Sets a PDF (tagged, PDF/UA-1) from a typst template and one JSON object of data."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from core.documents.fonts import font_folder

_FONT_SOURCE = Path("node_modules/@fontsource/atkinson-hyperlegible-next/files")


@lru_cache(maxsize=1)
def _fonts() -> list[Path]:
    folder = font_folder(Path(settings.BASE_DIR) / _FONT_SOURCE, Path(settings.VAR_DIR) / "fonts")
    return [folder] if folder else []


def compile_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """Return the PDF; the template reads `data` as one JSON object, never as markup."""
    return typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"data": json.dumps(data)},
    )
