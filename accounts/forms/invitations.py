"""The filter of the list of invitations, in the URL."""

from __future__ import annotations

from django import forms

from accounts.invitation_rows import STATES
from core.forms import GovukForm


class StateFilterForm(GovukForm):
    """Where the people stand who are to be shown."""

    hide_optional = True

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Everyone"), *STATES])
