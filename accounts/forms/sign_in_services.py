"""What an administrator says about an employer's sign-in service."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.enums import SignInServiceKind
from accounts.models import LocalArea, Organisation
from accounts.services.sign_in_services import employers_of
from core.forms import GovukForm

_VOUCHES = "Its own sign-in always asks for a second step"
_VOUCHES_HINT = (
    "Tick this only if every account there must use a second step: administrators who come this "
    "way are then not asked for one here."
)


class ChangeServiceForm(GovukForm):
    """What may change later."""

    name = forms.CharField(
        label="Name on the button",
        max_length=80,
        help_text="The button says “Sign in with Otterford Primary”.",
        error_messages={"required": "Enter the name on the button"},
    )
    client_id = forms.CharField(
        label="Application (client) ID",
        max_length=200,
        error_messages={"required": "Enter the application (client) ID"},
    )
    vouches_for_second_step = forms.BooleanField(
        label=_VOUCHES, required=False, help_text=_VOUCHES_HINT
    )

    def clean_client_id(self) -> str:
        """Take away what pasting adds."""
        return str(self.cleaned_data["client_id"]).strip()


class AddServiceForm(ChangeServiceForm):
    """A new service."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Employer",
        help_text="Whose people are in the directory. For a trust: its academies' people.",
        error_messages={"required": "Choose the employer"},
    )
    slug = forms.SlugField(
        label="Short name",
        max_length=40,
        help_text="Lower-case letters, figures and dashes, such as otterford. It cannot change.",
        error_messages={"required": "Enter a short name"},
    )
    kind = forms.ChoiceField(
        label="Directory",
        choices=SignInServiceKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the directory"},
    )
    tenant = forms.CharField(
        label="Tenant",
        max_length=120,
        help_text="Entra: the directory (tenant) ID. Google Workspace: the domain.",
        error_messages={"required": "Enter the tenant"},
    )
    server_url = forms.URLField(
        label="Address of the service",
        required=False,
        assume_scheme="https",
        help_text="Leave it empty for the usual address of Microsoft or Google.",
    )
    field_order = [
        "organisation",
        "name",
        "slug",
        "kind",
        "tenant",
        "client_id",
        "server_url",
        "vouches_for_second_step",
    ]

    def __init__(self, *args: Any, local_area: LocalArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = employers_of(local_area).order_by("name", "pk")

    def clean_slug(self) -> str:
        """Keep one spelling."""
        return str(self.cleaned_data["slug"]).lower().replace("_", "-")
