"""Who of my settings has a sign-in: invite by mail, print cards, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from accounts import access, invitation_rows
from accounts.forms.invitations import StateFilterForm
from accounts.invitation_words import person_row, sentences
from accounts.models import Invitation, Organisation, User
from accounts.policies import leads_setting
from accounts.querysets.administration import MANAGE_POSTS
from accounts.services import claim_cards
from accounts.services import invitations as services
from accounts.settings_led import people_url
from core import clock

PAGE_SIZE = 50


def _own_settings(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The settings of this area whose posts the person manages."""
    area = request.local_area  # type: ignore[attr-defined]
    return access.organisations_in_scope(
        request.user,  # type: ignore[arg-type]
        MANAGE_POSTS,
        request.today,  # type: ignore[attr-defined]
        local_area=area,
    ).filter(local_area=area)


@leads_setting
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """List the settings with how far each has come; somebody with one setting goes there."""
    rows = invitation_rows.progress_of(
        _own_settings(request),
        on=request.today,  # type: ignore[attr-defined]
        at=clock.now(),
    )
    if len(rows) == 1:
        return redirect("accounts:invitations-of", pk=rows[0].organisation.pk)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/invitations/overview.html",
        {
            "page_title": "Invitations",
            "page_lede": "Who can sign in, setting by setting.",
            "rows": page.object_list,
            "page_obj": page,
            "people": sum(row.people for row in rows),
            "signed_in": sum(row.signed_in for row in rows),
        },
    )


@leads_setting
@require_GET
def of_setting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the people of one setting and where each stands; a constant number of queries."""
    organisation = get_object_or_404(_own_settings(request), pk=pk)
    people = invitation_rows.people_of(
        organisation,
        on=request.today,  # type: ignore[attr-defined]
        at=clock.now(),
    )
    counts = invitation_rows.counts_of(people)
    form = StateFilterForm(request.GET or None)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    shown = people.filter(state=state) if state else people
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/invitations/setting.html",
        {
            "page_title": "Invitations",
            "page_caption": organisation.name,
            "organisation": organisation,
            "breadcrumbs": [{"label": "People", "url": people_url(organisation)}],
            "form": None,
            "counts": counts,
            "tabs": _tabs(organisation, counts, state),
            "rows": [person_row(person) for person in page.object_list],
            "page_obj": page,
            "state": state,
            "people_url": people_url(organisation),
            "everyone_url": reverse("accounts:invitations-of", args=[organisation.pk]),
        },
    )


def _tabs(
    organisation: Organisation, counts: invitation_rows.Counts, state: str
) -> list[dict[str, object]]:
    url = reverse("accounts:invitations-of", args=[organisation.pk])
    choices = [("", "Everyone", counts.people)]
    choices += [(key, label, counts.by_state[key]) for key, label in invitation_rows.STATES]
    return [
        {
            "label": label,
            "url": url + (f"?state={key}" if key else ""),
            "current": key == state,
            "count": count,
        }
        for key, label, count in choices
        if count or key in ("", state)
    ]


def _named(request: HttpRequest) -> tuple[Organisation, list[int]]:
    """Return the setting and the people a form names; 404 for what is not there for this person."""
    chosen = request.POST.get("organisation", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Http404
    organisation = get_object_or_404(_own_settings(request), pk=int(chosen))
    try:
        wanted = {UUID(value) for value in request.POST.getlist("person")}
    except ValueError as error:
        raise Http404 from error
    there = invitation_rows.posts_to_invite(request.today).filter(  # type: ignore[attr-defined]
        organisation=organisation
    )
    found = User.objects.filter(public_id__in=wanted, pk__in=there.values("person"))
    ids = list(found.order_by().values_list("pk", flat=True))
    if len(ids) != len(wanted):
        raise Http404
    return organisation, ids


@leads_setting
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite the people chosen, by mail."""
    organisation, ids = _named(request)
    if not ids:
        messages.warning(request, "Choose the people you want to invite.")
        return redirect("accounts:invitations-of", pk=organisation.pk)
    done = services.invite_people(
        by=request.user,  # type: ignore[arg-type]
        person_ids=ids,
        organisation=organisation,
        at=clock.now(),
    )
    for tone, sentence in sentences(done):
        messages.add_message(request, tone, sentence)
    return redirect("accounts:invitations-of", pk=organisation.pk)


@dataclass(frozen=True)
class PrintedCard:
    """A card with the picture that leads a phone to the right page."""

    card: claim_cards.Card
    picture: str


@leads_setting
@require_POST
def cards(request: HttpRequest) -> HttpResponse:
    """Show the cards to print, once: the codes are nowhere else."""
    organisation, ids = _named(request)
    made = claim_cards.make_cards(
        by=request.user,  # type: ignore[arg-type]
        person_ids=ids,
        organisation=organisation,
        at=clock.now(),
    )
    if made.with_higher_roles:
        messages.warning(
            request,
            f"Without a card: {made.with_higher_roles}, whose role is beyond yours. Ask a system "
            "administrator.",
        )
    if not made.cards:
        messages.warning(
            request,
            "Choose people without an email address. Who has one is invited by mail, and who has "
            "a sign-in needs no card.",
        )
        return redirect("accounts:invitations-of", pk=organisation.pk)
    response = render(
        request,
        "pages/accounts/invitations/cards.html",
        {
            "page_title": "Cards to print",
            "page_caption": organisation.name,
            "organisation": organisation,
            "made": made,
            "cards": [PrintedCard(card, _picture(card)) for card in made.cards],
            "address": _join_address(),
            "breadcrumbs": [
                {
                    "label": "Invitations",
                    "url": reverse("accounts:invitations-of", args=[organisation.pk]),
                }
            ],
        },
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _join_address() -> str:
    return settings.SITE_URL + reverse("accounts:join")


def _picture(card: claim_cards.Card) -> str:
    """Return the QR code of the page where the card is used, with the name but not the code."""
    target = f"{_join_address()}?{urlencode({'name': str(card.person.sign_in_name)})}"
    return str(segno.make(target, error="m").svg_data_uri(border=0))


@leads_setting
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one invitation."""
    visible = Invitation.objects.visible_to(request.user, request.today)  # type: ignore[attr-defined]
    invitation = get_object_or_404(
        visible.select_related("organisation").filter(
            organisation__local_area=request.local_area  # type: ignore[attr-defined]
        ),
        pk=pk,
    )
    services.withdraw_invitation(
        by=request.user,  # type: ignore[arg-type]
        invitation=invitation,
        at=clock.now(),
    )
    messages.success(request, "The invitation is withdrawn: it opens nothing any more.")
    return redirect("accounts:invitations-of", pk=invitation.organisation_id)
