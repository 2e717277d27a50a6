"""Sign-in services of employers: one OIDC application a tenant (Entra, Google Workspace)."""

from __future__ import annotations

from django.db import models

from accounts.enums import SignInServiceKind
from accounts.querysets import SignInServiceQuerySet


class SignInService(models.Model):
    """An employer's directory that may vouch for its people.

    Accounts are keyed on the tenant and the subject it names, never on an address; nobody is
    linked by an address. `tenant` is Entra's tenant id or Google's hosted domain: a sign-in that
    does not carry it is refused. The client secret comes from the environment
    (SIGN_IN_SECRET_<NAME>), never from the database.
    """

    local_area = models.ForeignKey(
        "accounts.LocalArea", on_delete=models.PROTECT, related_name="sign_in_services"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="sign_in_services"
    )
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80, help_text="What the button says: “Otterford Primary”.")
    kind = models.CharField(max_length=10, choices=SignInServiceKind)
    server_url = models.URLField(help_text="Where its OpenID configuration is found.")
    tenant = models.CharField(max_length=120)
    client_id = models.CharField(max_length=200)
    vouches_for_second_step = models.BooleanField(
        default=False, help_text="Its own sign-in always asks for a second step."
    )
    is_active = models.BooleanField(default=True)

    objects = SignInServiceQuerySet.as_manager()

    class Meta:
        ordering = ["local_area", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "tenant"], name="one_service_a_tenant")
        ]

    def __str__(self) -> str:
        return self.name
