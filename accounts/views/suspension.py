"""Screens for system administrators: suspending somebody, a lost device, a forgotten password."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import second_step
from accounts.forms.sign_in import ReasonForm
from accounts.models import User
from accounts.permissions import is_administrator
from accounts.policies import administers
from accounts.requests import Request
from accounts.services import sign_in, suspension
from accounts.sign_in_states import MOST_FOUND, find_people
from core import clock

_ASKED = ["GET", "HEAD", "POST"]


def _find(request: Request, public_id: UUID) -> User:
    """Return one of the people whose sign-in the area's administrators answer for."""
    people = suspension.people_of(request.local_area, request.today)
    return get_object_or_404(people, public_id=public_id)


def _page(
    request: Request,
    person: User,
    form: ReasonForm,
    *,
    title: str,
    consequences: list[str],
    label: str,
    warns: bool,
) -> HttpResponse:
    return render(
        request,
        "pages/accounts/sign_in/decision.html",
        {
            "page_title": title,
            "page_caption": person.get_full_name(),
            "form": form,
            "consequences": consequences,
            "submit_label": label,
            "warns": warns,
            "back": reverse("accounts:find-sign-in"),
        },
    )


@administers
@require_GET
def find(request: Request) -> HttpResponse:
    """Find somebody whose sign-in needs help."""
    words = request.GET.get("q", "")[:100]
    return render(
        request,
        "pages/accounts/sign_in/find.html",
        {
            "page_title": "Help with sign-in",
            "page_lede": "Suspend somebody, let them back in, or help when a device is lost.",
            "words": words,
            "found": find_people(local_area=request.local_area, words=words, on=request.today)
            if is_administrator(request.user, request.local_area, request.today)
            else [],
            "most": MOST_FOUND,
        },
    )


@administers
@require_http_methods(_ASKED)
@reauthentication_required(app="allauth.mfa")
def suspend(request: Request, public_id: UUID) -> HttpResponse:
    """Suspend somebody, with a reason."""
    person = _find(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspension.suspend_person(
                by=request.user,
                person=person,
                local_area=request.local_area,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except suspension.UnableToSuspend as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person} is suspended and signed out everywhere.")
            return redirect("accounts:find-sign-in")
    if person.suspended_at is not None and request.method != "POST":
        return redirect("accounts:restore-person", public_id=public_id)
    return _page(
        request,
        person,
        form,
        title=f"Suspend {person.get_full_name()}?",
        consequences=[
            "They are signed out everywhere at once, and cannot sign in in any way.",
            "Their posts, roles and record stay as they are.",
            "You can let them back in whenever you like.",
        ],
        label="Suspend",
        warns=True,
    )


@administers
@require_http_methods(_ASKED)
@reauthentication_required(app="allauth.mfa")
def restore(request: Request, public_id: UUID) -> HttpResponse:
    """Let somebody back in, with a reason."""
    person = _find(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspension.restore_person(
                by=request.user,
                person=person,
                local_area=request.local_area,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except suspension.UnableToRestore as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person} can sign in again.")
            return redirect("accounts:suspend-person", public_id=public_id)
    if person.suspended_at is None and request.method != "POST":
        return redirect("accounts:suspend-person", public_id=public_id)
    return _page(
        request,
        person,
        form,
        title=f"Let {person.get_full_name()} back in?",
        consequences=[
            "They sign in as before, with the password, passkey or service they had.",
            "Sessions that were ended stay ended.",
        ],
        label="Let them back in",
        warns=False,
    )


@administers
@require_http_methods(_ASKED)
@reauthentication_required(app="allauth.mfa")
def reset_second_step(request: Request, public_id: UUID) -> HttpResponse:
    """Take away the second step of somebody who lost the device, with a reason."""
    person = _find(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_in.reset_second_step(
                by=request.user,
                person=person,
                local_area=request.local_area,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except sign_in.UnableToResetSecondStep as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{person} sets up a second step at the next sign-in.")
            return redirect("accounts:find-sign-in")
    has_one = second_step.has(person)
    return _page(
        request,
        person,
        form,
        title=f"Reset the second step of {person.get_full_name()}?",
        consequences=[
            "Make sure that it is them: speak to them, and do not trust an email alone.",
            "Their passkeys, app and recovery codes stop working, and they are signed out.",
            "They get an email about it, and set up a second step again."
            if has_one
            else "They have no second step at the moment, so there is nothing to reset.",
        ],
        label="Reset the second step",
        warns=True,
    )


@administers
@require_http_methods(_ASKED)
@reauthentication_required(app="allauth.mfa")
def forget_password(request: Request, public_id: UUID) -> HttpResponse:
    """Take away the password of somebody without an email address, so that a new card works."""
    person = _find(request, public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_in.forget_password(
                by=request.user,
                person=person,
                local_area=request.local_area,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except sign_in.UnableToForgetPassword as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"{person} needs a new card. Whoever leads their setting can print it."
            )
            return redirect("accounts:find-sign-in")
    return _page(
        request,
        person,
        form,
        title=f"Take away the password of {person.get_full_name()}?",
        consequences=[
            "This is for people without an email address, who cannot be sent a link.",
            "Make sure that it is them: speak to them.",
            "They are signed out. Whoever leads their setting prints a new card for them.",
        ],
        label="Take the password away",
        warns=True,
    )
