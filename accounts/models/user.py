"""The person. One row a human being, whatever number of posts they hold."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.querysets import UserManager


class User(AbstractBaseUser, PermissionsMixin):
    """A person: learner, manager, lead; the email address is the sign-in, once invited.

    `email` is null for people without one, and before an invitation; it is unique whatever its
    case. What a person may do comes from RoleGrant and Post, never from a flag here;
    `is_superuser` is for break-glass only.
    """

    email = models.EmailField("email address", max_length=254, unique=True, null=True, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    sign_in_name = models.CharField(
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        help_text="For people without an email address: printed on their card.",
    )
    personal_email = models.EmailField(
        max_length=254,
        null=True,
        blank=True,
        help_text="Their own address, by which their record stays theirs when they leave.",
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_accounts"
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    class Meta:
        ordering = ["family_name", "given_name", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_per_email"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | ~models.Q(email=""),
                name="email_null_not_blank",
            ),
            models.UniqueConstraint(Lower("sign_in_name"), name="one_person_per_sign_in_name"),
            models.CheckConstraint(
                condition=models.Q(sign_in_name__isnull=True)
                | (~models.Q(sign_in_name="") & ~models.Q(sign_in_name__contains="@")),
                name="sign_in_name_is_no_address",
            ),
        ]
        indexes = [models.Index(fields=["family_name", "given_name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def first_name(self) -> str:
        """Given name, under the name Wagtail and allauth know."""
        return self.given_name

    @property
    def last_name(self) -> str:
        """Family name, under the name Wagtail and allauth know."""
        return self.family_name

    @property
    def initials(self) -> str:
        """First letters of given and family name, such as "TA"."""
        return (self.given_name[:1] + self.family_name[:1]).upper()

    def get_full_name(self) -> str:
        """Return given and family name on one line: it goes into the head of mails."""
        return " ".join(f"{self.given_name} {self.family_name}".split())

    def get_short_name(self) -> str:
        """Return the given name."""
        return self.given_name
