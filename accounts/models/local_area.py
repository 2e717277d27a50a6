"""The local area: the tenant. One has a Wagtail site, a theme, its own staff and content."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from accounts.colours import UnreadableColours, check_theme
from accounts.enums import Role

_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write a colour as # and six hexadecimal digits.")


def second_step_default() -> list[str]:
    """Administrators and managers, by default (design: security, sign-in)."""
    return [
        Role.SYSTEM_ADMIN,
        Role.TRAINING_ADMIN,
        Role.SETTING_LEAD,
        Role.TEAM_MANAGER,
        Role.DIRECTOR,
        Role.AUDITOR,
        Role.DPO,
    ]


class LocalArea(models.Model):
    """An English local area with its own site, name, colours and people."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(unique=True)
    code = models.CharField("local authority code", max_length=3, unique=True)
    product_name = models.CharField(
        max_length=100, help_text="What the site calls itself, such as “Merrowdale SEND Learning”."
    )
    site = models.OneToOneField(
        "wagtailcore.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    collection = models.OneToOneField(
        "wagtailcore.Collection", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    editors = models.OneToOneField(
        "auth.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewers = models.OneToOneField(
        "auth.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    brand = models.CharField(max_length=7, default="#1b5e4b", validators=[_COLOUR])
    brand_ink = models.CharField(max_length=7, default="#ffffff", validators=[_COLOUR])
    tint = models.CharField(max_length=7, default="#f7f5f0", validators=[_COLOUR])
    contact_email = models.EmailField(blank=True)
    safeguarding_contact = models.TextField(
        blank=True, help_text="Shown under “Worried about a child?”: who to call, day and night."
    )
    team_of_one = models.BooleanField(
        default=False,
        help_text="One person may both upload and approve a package, because nobody else can.",
    )
    second_step_roles = models.JSONField(
        default=second_step_default,
        blank=True,
        help_text="Roles whose holders sign in with a second step.",
    )
    suppression_threshold = models.PositiveSmallIntegerField(default=5)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse colours nobody could read, in forms and in the CMS alike."""
        try:
            check_theme(brand=self.brand, brand_ink=self.brand_ink, tint=self.tint)
        except UnreadableColours as error:
            raise ValidationError(str(error)) from error

    @property
    def root_page(self):  # type: ignore[no-untyped-def]
        """The page below which all content of this area lives."""
        if self.site is None:
            raise LookupError(f"{self.name} has no site yet: run set_up_local_area.")
        return self.site.root_page
