"""Discussion: threads, messages, and the moderators' list of held ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.policies import signed_in
from networks.forms import EditHeldForm, MessageForm, RedactForm, ThreadForm
from networks.models import Message, Network, Thread
from networks.permissions import can_discuss, can_edit_message, can_moderate
from networks.selectors.contacts import safeguarding_contacts
from networks.services import discussion as services
from networks.views.lookup import crumbs, network_or_404

_HELD = (
    "Your message is held. It seems to hold a pupil number or an NHS number, so only you and the "
    "network's moderators can see it. Take the number out and it will be sent."
)
_LOOK_AGAIN = (
    "This seems to hold a name with a date of birth. Take it out if it is a child's, "
    "or tick the box if it is not."
)


def _network(request: HttpRequest, slug: str) -> Network:
    network = network_or_404(request, slug)
    if not can_discuss(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    return network


def _context(request: HttpRequest, network: Network, **more: Any) -> dict[str, Any]:
    return {
        "network": network,
        "contacts": safeguarding_contacts(network.local_area),
        "may_moderate": can_moderate(request.user, network, on=request.today),  # type: ignore[arg-type, attr-defined]
        "page_caption": network.name,
        **more,
    }


@signed_in
@require_GET
def thread_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the threads, latest first, or only questions without an answer."""
    network = _network(request, slug)
    threads = (
        Thread.objects.filter(network=network)
        .visible_to(request.user, request.today)  # type: ignore[attr-defined]
        .select_related("started_by")
        .annotate(number=Count("messages", filter=Q(messages__status="published")))
        .order_by("-last_message_at", "-pk")
    )
    unanswered = request.GET.get("show") == "unanswered"
    page = Paginator(threads.unanswered() if unanswered else threads, 25).get_page(
        request.GET.get("page")
    )
    for thread in page.object_list:
        thread.network = network
    return render(
        request,
        "pages/networks/threads.html",
        _context(
            request,
            network,
            page_obj=page,
            tabs=[
                {"label": "All messages", "url": "?", "current": not unanswered},
                {
                    "label": "Questions without an answer",
                    "url": "?show=unanswered",
                    "current": unanswered,
                },
            ],
            page_title="Messages",
            breadcrumbs=crumbs(network),
        ),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a thread."""
    network = _network(request, slug)
    form = ThreadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            message = services.start_thread(
                by=request.user,  # type: ignore[arg-type]
                network=network,
                title=data["title"],
                body=data["body"],
                is_question=data["is_question"],
                looked_again=data.get("looked_again", False),
                at=clock.now(),
            )
        except services.NeedsAnotherLook:
            form = ThreadForm(request.POST, ask_again=True)
            form.add_error("body", _LOOK_AGAIN)
        except services.UnableToSend as error:
            form.add_error(None, str(error))
        else:
            return _sent(request, message, slug)
    return render(
        request,
        "pages/networks/thread_form.html",
        _context(
            request,
            network,
            form=form,
            page_title="Write to the network",
            breadcrumbs=_discussion_crumbs(network),
        ),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def thread_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a thread and take an answer."""
    network = _network(request, slug)
    threads = Thread.objects.filter(network=network).visible_to(
        request.user,
        request.today,  # type: ignore[attr-defined]
    )
    thread = get_object_or_404(threads.select_related("started_by"), pk=pk)
    thread.network = network
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            message = services.send_message(
                by=request.user,  # type: ignore[arg-type]
                thread=thread,
                body=form.cleaned_data["body"],
                looked_again=form.cleaned_data.get("looked_again", False),
                at=clock.now(),
            )
        except services.NeedsAnotherLook:
            form = MessageForm(request.POST, ask_again=True)
            form.add_error("body", _LOOK_AGAIN)
        except services.UnableToSend as error:
            form.add_error(None, str(error))
        else:
            return _sent(request, message, slug)
    rows = (
        Message.objects.filter(thread=thread)
        .visible_to(request.user, request.today)  # type: ignore[attr-defined]
        .select_related("author")
        .order_by("written_at", "pk")
    )
    return render(
        request,
        "pages/networks/thread.html",
        _context(
            request,
            network,
            thread=thread,
            rows=rows,
            form=form,
            page_title=thread.title,
            breadcrumbs=_discussion_crumbs(network),
        ),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_held(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let the author take the identifier out of a held message."""
    network = _network(request, slug)
    message = _message(request, network, pk)
    if not can_edit_message(request.user, message):  # type: ignore[arg-type]
        raise PermissionDenied
    first = message.thread.messages.order_by("written_at", "pk").first()
    opens = first is not None and first.pk == message.pk
    form = EditHeldForm(
        request.POST or None,
        opens=opens,
        initial={"title": message.thread.title, "body": message.body},
    )
    if request.method == "POST" and form.is_valid():
        try:
            message = services.edit_held_message(
                by=request.user,  # type: ignore[arg-type]
                message=message,
                body=form.cleaned_data["body"],
                title=form.cleaned_data.get("title"),
                at=clock.now(),
            )
        except services.UnableToSend as error:
            form.add_error(None, str(error))
        else:
            return _sent(request, message, slug)
    return render(
        request,
        "pages/networks/message_edit.html",
        _context(
            request,
            network,
            message=message,
            form=form,
            page_title="Change your message",
            breadcrumbs=_discussion_crumbs(network),
        ),
    )


@signed_in
@require_GET
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """Show moderators what waits for them."""
    network = network_or_404(request, slug)
    if not can_moderate(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    rows = (
        Message.objects.held()
        .filter(thread__network=network)
        .select_related("author", "thread")
        .order_by("written_at")
    )
    return render(
        request,
        "pages/networks/held.html",
        _context(
            request,
            network,
            rows=rows,
            page_title="Held messages",
            page_lede="Nobody else can read these. Release one that names no child, or remove it.",
            breadcrumbs=_discussion_crumbs(network),
        ),
    )


@signed_in
@require_POST
def release(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Publish a held message."""
    network = network_or_404(request, slug)
    message = _message(request, network, pk)
    try:
        services.release_message(by=request.user, message=message, at=clock.now())  # type: ignore[arg-type]
        messages.success(request, "The message is published.")
    except services.UnableToDecide as error:
        messages.error(request, str(error))
    return redirect("networks:held", slug=slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask why, then remove a message's text for good."""
    network = network_or_404(request, slug)
    if not can_moderate(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    message = _message(request, network, pk)
    form = RedactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.redact_message(
            by=request.user,  # type: ignore[arg-type]
            message=message,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
        messages.success(request, "The text has been removed. No copy is kept.")
        return redirect("networks:discussion", slug=slug)
    return render(
        request,
        "pages/networks/redact.html",
        _context(
            request,
            network,
            message=message,
            form=form,
            page_title="Remove a message",
            breadcrumbs=_discussion_crumbs(network),
        ),
    )


def _message(request: HttpRequest, network: Network, pk: int) -> Message:
    visible = Message.objects.filter(thread__network=network).visible_to(
        request.user,
        request.today,  # type: ignore[attr-defined]
    )
    return get_object_or_404(visible.select_related("thread", "author"), pk=pk)


def _sent(request: HttpRequest, message: Message, slug: str) -> HttpResponse:
    if message.is_held:
        messages.warning(request, _HELD)
    else:
        messages.success(request, "Your message has been sent.")
    return redirect("networks:thread", slug=slug, pk=message.thread_id)


def _discussion_crumbs(network: Network) -> list[dict[str, Any]]:
    return crumbs(network, ("Messages", reverse("networks:discussion", args=[network.slug])))
