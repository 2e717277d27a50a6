"""The form with which editors upload documents in the CMS: files are judged as everywhere else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm

from core.pupil_identifiers import scan
from resources_repo.uploads import UnacceptableFile, judge_upload


class JudgedDocumentForm(BaseDocumentForm):
    """Refuses what is not what its name says, what runs, and what tells of a child."""

    def clean_file(self) -> Any:
        """Judge a file that was sent; one that is kept was judged before."""
        upload = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return upload
        try:
            accepted = judge_upload(upload)
        except UnacceptableFile as error:
            raise ValidationError(str(error)) from error
        if any(finding.must_hold for finding in scan(accepted.text)):
            raise ValidationError("The file holds a pupil or NHS number. Take it out first.")
        upload.seek(0)
        return upload
