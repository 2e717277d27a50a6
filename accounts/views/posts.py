"""One post of one person: a new one, details put right, a change of job, its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.posts import JobChangeForm, LastDayForm, NewPostForm, PostForm
from accounts.models import Post, User
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.services.posts import (
    UnableToAddPost,
    UnableToChangePost,
    UnableToEndPost,
    add_post,
    change_job,
    change_post,
    end_post,
)
from accounts.services.reopening import UnableToReopenPost, reopen_post
from accounts.settings_led import (
    chosen_setting,
    organisations_led,
    person_led_or_404,
    posts_led,
)
from core import clock


def _post_or_404(request: Request, public_id: UUID, pk: int) -> Post:
    """Return a post the person manages, which belongs to the one the address names."""
    posts = posts_led(request).select_related("person", "organisation__local_area")
    return get_object_or_404(posts, pk=pk, person__public_id=public_id)


def _page(request: Request, person: User, **context: object) -> HttpResponse:
    context.setdefault("template", "pages/accounts/people/form.html")
    return render(
        request,
        str(context["template"]),
        {
            "page_caption": person.get_full_name(),
            "back": reverse("accounts:person", args=[person.public_id]),
            **context,
        },
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def add(request: Request, public_id: UUID) -> HttpResponse:
    """Give somebody of this setting another post here."""
    person = person_led_or_404(request, public_id)
    organisation = chosen_setting(request, list(organisations_led(request)))
    form = NewPostForm(
        request.POST or None,
        viewer=request.user,
        organisation=organisation,
        on=request.today,
        holder=person,
        initial={"setting": organisation.pk},
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_post(
                by=request.user,
                person=person,
                organisation=organisation,
                at=clock.now(),
                **form.post_fields(),
            )
        except UnableToAddPost as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The post is added.")
            return redirect("accounts:person", public_id=public_id)
    return _page(
        request,
        person,
        page_title=f"Add a post at {organisation.name}",
        form=form,
        submit_label="Add the post",
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def change(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """Put details of a post right."""
    post = _post_or_404(request, public_id, pk)
    form = PostForm(request.POST or None, viewer=request.user, post=post, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            change_post(by=request.user, post=post, at=clock.now(), **form.changes())
        except UnableToChangePost as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:person", public_id=public_id)
    return _page(
        request,
        post.person,
        page_title=f"{post.get_job_role_display()} at {post.organisation}",
        form=form,
        submit_label="Save",
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def change_of_job(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """Close a post and open another from a day on."""
    post = _post_or_404(request, public_id, pk)
    form = JobChangeForm(
        request.POST or None,
        viewer=request.user,
        post=post,
        places=organisations_led(request),
        on=request.today,
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_job(by=request.user, post=post, at=clock.now(), **form.change())
        except UnableToChangePost as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The old post closes, and the new one is open.")
            return redirect("accounts:person", public_id=public_id)
    return _page(
        request,
        post.person,
        page_title="Change of job",
        page_lede=f"{post.get_job_role_display()} at {post.organisation} ends the day before. "
        "What was done and asked until then is kept.",
        form=form,
        submit_label="Change the job",
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def end(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """End a post on its last day."""
    post = _post_or_404(request, public_id, pk)
    form = LastDayForm(request.POST or None, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            end_post(
                by=request.user, post=post, ends_on=form.cleaned_data["ends_on"], at=clock.now()
            )
        except UnableToEndPost as error:
            form.add_error("ends_on", str(error))
        else:
            messages.success(request, f"The last day is {_day(form.cleaned_data['ends_on'])}.")
            return redirect("accounts:person", public_id=public_id)
    return _page(
        request,
        post.person,
        template="pages/accounts/people/end_one.html",
        page_title="End this post",
        page_lede=f"{post.get_job_role_display()} at {post.organisation}",
        post=post,
        form=form,
    )


@leads_setting
@require_POST
def reopen(request: Request, public_id: UUID, pk: int) -> HttpResponse:
    """Take the end of a post back."""
    post = _post_or_404(request, public_id, pk)
    try:
        reopen_post(by=request.user, post=post, at=clock.now())
    except UnableToReopenPost as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The post is open again.")
    return redirect("accounts:person", public_id=public_id)


def _day(day: object) -> str:
    return f"{day:%-d %B %Y}"
