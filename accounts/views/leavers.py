"""Leavers together: their last day, what was recorded, and taking it back."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.forms.posts import LastDayForm
from accounts.models import Organisation, Post
from accounts.people_list import here_on
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.services.posts import UnableToEndPost, end_posts
from accounts.services.reopening import UnableToReopenPost, reopen_posts, reopenable
from accounts.settings_led import chosen_setting, organisations_led, people_url, posts_led
from core import clock

# More than a large school has in a year.
AT_ONCE = 200


@leads_setting
@require_POST
def end(request: Request) -> HttpResponse:
    """Ask for the last day of the chosen people, then end their posts in this setting together."""
    organisations = list(organisations_led(request))
    organisation = chosen_setting(request, organisations)
    chosen = _uuids(request.POST.getlist("person"))
    posts = list(
        here_on(organisation, request.today)
        .filter(person__public_id__in=chosen)
        .exclude(person=request.user)
        .select_related("person", "organisation")
        .order_by("person__family_name", "person__given_name", "pk")
    )
    if not posts:
        messages.info(request, "Choose at least one person. Your own post is not yours to end.")
        return redirect(people_url(organisation))
    confirmed = request.POST.get("confirmed") == "yes"
    form = LastDayForm(request.POST if confirmed else None, on=request.today)
    if confirmed and form.is_valid():
        try:
            end_posts(
                by=request.user, posts=posts, ends_on=form.cleaned_data["ends_on"], at=clock.now()
            )
        except UnableToEndPost as error:
            form.add_error("ends_on", str(error))
        else:
            query = urlencode(
                [("setting", organisation.pk), *(("post", post.pk) for post in posts)]
            )
            return redirect(f"{reverse('accounts:people-ended')}?{query}")
    return render(
        request,
        "pages/accounts/people/end.html",
        {
            "page_title": _end_title(posts),
            "page_caption": organisation.name,
            "form": form,
            "posts": posts,
            "chosen": [str(key) for key in chosen],
            "organisation": organisation,
            "back": people_url(organisation),
        },
    )


def _end_title(posts: list[Post]) -> str:
    names = {post.person_id: post.person.get_full_name() for post in posts}
    if len(names) == 1:
        return f"When does {next(iter(names.values()))} leave?"
    return f"When do these {len(names)} people leave?"


@leads_setting
@require_GET
def ended(request: Request) -> HttpResponse:
    """Say whose posts have ended, and offer to take it back."""
    organisation = chosen_setting(request, list(organisations_led(request)))
    posts = _posts(request, request.GET.getlist("post"), organisation)
    posts = [post for post in posts if post.ends_on is not None]
    if not posts:
        return redirect(people_url(organisation))
    return render(
        request,
        "pages/accounts/people/ended.html",
        {
            "page_title": "Posts ended",
            "form": None,
            "posts": posts,
            "people": len({post.person_id for post in posts}),
            "undoable": reopenable(posts, clock.now()),
            "organisation": organisation,
            "back": people_url(organisation),
        },
    )


@leads_setting
@require_POST
def reopen(request: Request) -> HttpResponse:
    """Take the end of several posts back."""
    organisation = chosen_setting(request, list(organisations_led(request)))
    posts = _posts(request, request.POST.getlist("post"), organisation)
    try:
        opened = reopen_posts(by=request.user, posts=posts, at=clock.now())
    except UnableToReopenPost as error:
        messages.error(request, str(error))
    else:
        count = len({post.person_id for post in opened})
        who = "1 person is" if count == 1 else f"{count} people are"
        messages.success(request, f"{who} here as before.")
    return redirect(people_url(organisation))


def _posts(request: Request, keys: list[str], organisation: Organisation) -> list[Post]:
    """Return posts of the setting by key; what is not in scope is not there."""
    chosen = [int(key) for key in keys[:AT_ONCE] if key.isdecimal() and len(key) < 16]
    return list(
        posts_led(request)
        .filter(pk__in=chosen, organisation=organisation)
        .select_related("person", "organisation")
        .order_by("person__family_name", "person__given_name", "pk")
    )


def _uuids(values: list[str]) -> list[UUID]:
    found = []
    for value in values[:AT_ONCE]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
