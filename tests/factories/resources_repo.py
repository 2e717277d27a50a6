"""Resources for tests, made and published through the services."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import LocalArea, User
from accounts.services.roles import grant_role
from core import clock
from networks.models import Network
from resources_repo.enums import Licence, ResourceType
from resources_repo.models import ResourcePage
from resources_repo.services.library import set_up_library
from resources_repo.services.reviews import approve_resource
from resources_repo.services.submissions import submit_resource
from resources_repo.uploads import AcceptedFile
from tests.factories.accounts import UserFactory
from tests.factories.networks import LONG_AGO, make_person


def make_reviewer(area: LocalArea) -> User:
    """Return a reviewer of the whole area."""
    person = UserFactory()
    grant_role(
        by=None,
        person=person,
        role=Role.REVIEWER,
        local_area=area,
        starts_on=LONG_AGO,
        at=clock.now(),
    )
    return person


def text_file(name: str = "plan.txt", text: str = "One small step a week.") -> AcceptedFile:
    """Return a file that has been judged."""
    return AcceptedFile(name=name, extension="txt", content=text.encode(), text=text)


def submit(
    area: LocalArea,
    by: User | None = None,
    *,
    title: str = "Graded return plan",
    tags: dict[str, list[str]] | None = None,
    network: Network | None = None,
    **fields: Any,
) -> ResourcePage:
    """Return a submitted resource, waiting for a reviewer."""
    set_up_library(local_area=area)
    if "file" not in fields and "body" not in fields:
        fields["body"] = [{"type": "text", "value": "<p>Small steps.</p>"}]
    return submit_resource(
        by=by or make_person(area),
        local_area=area,
        title=title,
        summary=fields.pop("summary", "Plan small steps back to school."),
        resource_type=fields.pop("resource_type", ResourceType.TEMPLATE),
        tags=tags or {"need": ["SEMH"], "phase": ["secondary"], "tier": ["targeted"]},
        licence=Licence.OGL,
        no_pupil_data_confirmed=fields.pop("no_pupil_data_confirmed", True),
        network=network,
        at=clock.now(),
        **fields,
    )


def publish(area: LocalArea, by: User | None = None, **fields: Any) -> ResourcePage:
    """Return a published resource, approved by a second person."""
    page = submit(area, by, **fields)
    return approve_resource(by=make_reviewer(area), page=page, local_area=area, at=clock.now())


def office_file(
    name: str = "plan.docx", words: str = "Small steps", extra: dict[str, bytes] | None = None
) -> SimpleUploadedFile:
    """Return an upload that is a minimal Word file with these words."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://w"><w:body><w:p><w:r><w:t>'
            f"{words}</w:t></w:r></w:p></w:body></w:document>",
        )
        for path, content in (extra or {}).items():
            archive.writestr(path, content)
    return SimpleUploadedFile(name, packed.getvalue())
