"""Packages as they are kept: a package has revisions that never change, and revisions share
libraries.
"""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models

from core.scanning import ScanResult
from courses.packages.completion import CompletionRule
from courses.packages.querysets import (
    ContentPackageQuerySet,
    H5PLibraryQuerySet,
    PackageRevisionQuerySet,
)
from courses.packages.report import LibraryName


def new_label() -> str:
    """Return a name for the content origin that nobody can guess: 32 letters and digits."""
    return secrets.token_hex(16)


class PackageKind(models.TextChoices):
    """What kind of archive it is."""

    H5P = "h5p", "H5P"
    SCORM_12 = "scorm12", "SCORM 1.2"
    SCORM_2004 = "scorm2004", "SCORM 2004"


class RevisionState(models.TextChoices):
    """Whether learners may be given it."""

    QUARANTINED = "quarantined", "Waiting for approval"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CompletionChoice(models.TextChoices):
    """The rules of courses.packages.completion, in words for people."""

    ANSWERED = CompletionRule.ANSWERED, "Its question is answered"
    ANSWERED_THEN_JUDGED = CompletionRule.ANSWERED_THEN_JUDGED, "It is answered and judged"
    COMPLETED = CompletionRule.COMPLETED, "It says that it is completed, with a score"
    COMPLETED_BY_PATH = (
        CompletionRule.COMPLETED_BY_PATH,
        "It is completed; the score depends on the path",
    )
    COMPLETED_UNSCORED = CompletionRule.COMPLETED_UNSCORED, "It is completed, without a score"
    VIEWED = CompletionRule.VIEWED, "It was open long enough"
    SELF_DECLARED = CompletionRule.SELF_DECLARED, "The learner says so"
    SCORM = CompletionRule.SCORM, "Each of its units says that it is completed"


class ScanState(models.TextChoices):
    """What the virus scan said."""

    NOT_SCANNED = ScanResult.NOT_SCANNED, "Not scanned"
    PENDING = ScanResult.PENDING, "Waiting for the scan"
    CLEAN = ScanResult.CLEAN, "Clean"
    INFECTED = ScanResult.INFECTED, "Infected"


class H5PLibrary(models.Model):
    """Code that plays content, told apart by its bytes: the same name and version may differ in
    them.
    """

    machine_name = models.CharField(max_length=255)
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    patch = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    tree_sha256 = models.CharField(max_length=64, unique=True)
    metadata = models.JSONField(help_text="Scripts, styles and needs, as its library.json says.")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = H5PLibraryQuerySet.as_manager()

    class Meta:
        verbose_name = "H5P library"
        verbose_name_plural = "H5P libraries"
        ordering = ["machine_name", "major", "minor", "patch", "pk"]
        indexes = [models.Index(fields=["machine_name", "major", "minor"], name="h5p_library_name")]

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}.{self.patch}"

    @property
    def name(self) -> LibraryName:
        """Return the name by which content asks for it."""
        return LibraryName(self.machine_name, self.major, self.minor)

    @property
    def needs(self) -> list[LibraryName]:
        """Return the libraries it needs, in the order it lists them."""
        names = (LibraryName.parse(text) for text in self.metadata.get("needs", []))
        return [name for name in names if name]


class LibraryApproval(models.Model):
    """A local area's word that a library may run for its learners; one area does not speak for
    another.
    """

    library = models.ForeignKey(H5PLibrary, on_delete=models.PROTECT, related_name="approvals")
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="library_approvals"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["library", "local_area"], name="one_approval_a_library_and_area"
            )
        ]

    def __str__(self) -> str:
        return f"{self.library} in {self.local_area}"


class ContentPackage(models.Model):
    """A piece of interactive content of one local area, through all its revisions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="content_packages"
    )
    kind = models.CharField(max_length=10, choices=PackageKind)
    title = models.CharField(max_length=255)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = ContentPackageQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class PackageRevision(models.Model):
    """One uploaded file of a package. Its bytes and manifest never change; its state does."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(max_length=32, unique=True, default=new_label, editable=False)
    package = models.ForeignKey(ContentPackage, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12, choices=RevisionState, default=RevisionState.QUARANTINED
    )
    scan_state = models.CharField(max_length=12, choices=ScanState)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(help_text="Bytes of the file as uploaded.")
    manifest = models.JSONField(help_text="Title, language, licence, launch path and needs.")
    report = models.JSONField(help_text="The whole inspection report.")
    main_library = models.CharField(max_length=300, blank=True)
    completion_rule = models.CharField(max_length=24, choices=CompletionChoice)
    minimum_seconds = models.PositiveIntegerField(
        default=60, help_text="How long content without a terminal statement must be open."
    )
    expected_max = models.FloatField(null=True, blank=True)
    libraries = models.ManyToManyField(
        H5PLibrary, through="RevisionLibrary", related_name="revisions"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    previewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    previewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    objects = PackageRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["package", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "number"], name="one_revision_a_package_and_number"
            ),
            models.UniqueConstraint(
                fields=["package", "sha256"], name="one_revision_a_package_and_file"
            ),
            models.CheckConstraint(
                condition=models.Q(expected_max__isnull=True) | models.Q(expected_max__gte=0),
                name="expected_max_is_not_negative",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approved_at__isnull=False),
                name="approved_revision_has_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} (revision {self.number})"

    @property
    def rule(self) -> CompletionRule:
        """Return the completion rule as the pure rules know it."""
        return CompletionRule(self.completion_rule)

    @property
    def is_playable(self) -> bool:
        """Return whether learners may be given it now."""
        return self.state == RevisionState.APPROVED


class RevisionLibrary(models.Model):
    """Which library, by its bytes, a revision plays with, in loading order."""

    revision = models.ForeignKey(
        PackageRevision, on_delete=models.CASCADE, related_name="loading_order"
    )
    library = models.ForeignKey(H5PLibrary, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "library"], name="one_library_once_a_revision"
            ),
            models.UniqueConstraint(
                fields=["revision", "position"], name="one_library_a_revision_and_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.library}"
