"""Whose settings a request is about: those the person leads, and the one they are looking at."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts import access
from accounts.models import Organisation, Post, User
from accounts.querysets import in_force
from accounts.requests import Request


def organisations_led(request: Request) -> QuerySet[Organisation]:
    """Return the organisations of this local area whose posts the person manages."""
    return access.organisations_in_scope(
        request.user,
        access.ROLES_THAT_SEE_PEOPLE,
        request.today,
        local_area=request.local_area or None,
    ).order_by(*access.ONES_OWN_FIRST)


def chosen_setting(request: Request, organisations: list[Organisation]) -> Organisation:
    """Return the setting the address or the form names, or one's own; 404 beyond one's scope."""
    asked = request.POST.get("setting") or request.GET.get("setting") or ""
    if not organisations:
        raise Http404
    if asked:
        for organisation in organisations:
            if str(organisation.pk) == asked:
                return organisation
        raise Http404
    own = set(
        Post.objects.filter(in_force(request.today), person=request.user)
        .order_by()
        .values_list("organisation", flat=True)
    )
    return next((place for place in organisations if place.pk in own), organisations[0])


def people_url(organisation: Organisation) -> str:
    """Return the address of a setting's list of people."""
    return f"{reverse('accounts:people')}?setting={organisation.pk}"


def posts_led(request: Request) -> QuerySet[Post]:
    """Return the posts the person manages here, those that have ended included."""
    return Post.objects.filter(organisation__in=organisations_led(request).order_by().values("pk"))


def person_led_or_404(request: Request, public_id: object) -> User:
    """Return somebody with a post, held or ended, at a place the person leads; else 404."""
    reached = User.objects.filter(pk__in=posts_led(request).order_by().values("person"))
    return get_object_or_404(reached, public_id=public_id, erased_at__isnull=True)
