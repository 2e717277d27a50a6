"""How long the library keeps resources that were withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.models import HouseDocument
from core.registry import Retained, declare
from resources_repo.models import ResourcePage, ResourceVersion


def _withdrawn(begun_by: dt.date) -> QuerySet[Any]:
    return ResourcePage.objects.filter(
        live=False,
        first_published_at__isnull=False,
        latest_revision_created_at__date__lte=begun_by,
    )


def _delete_with_files(rows: QuerySet[Any], at: dt.datetime) -> int:
    """Delete the pages, their versions and the files, which nothing else refers to."""
    pages = list(rows)
    for page in pages:
        files = set(ResourceVersion.objects.filter(page=page).values_list("document", flat=True))
        page.delete()
        used = ResourceVersion.objects.filter(document__in=files).values_list("document", flat=True)
        for document in HouseDocument.objects.filter(pk__in=files - set(used)):
            document.delete()
    return len(pages)


declare(
    Retained(
        key="withdrawn-resources",
        title="Resources that were withdrawn",
        months=36,
        basis="Long enough to put back what was withdrawn by mistake.",
        due=_withdrawn,
        dispose=_delete_with_files,
        people=("contributor",),
    )
)
