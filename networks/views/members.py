"""Members by setting: join, leave, add, name a deputy."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organisation
from accounts.querysets import in_force
from core import clock
from core.policies import signed_in
from networks.forms import AddMemberForm, NetworkForm, RoleForm, SettingChoiceForm
from networks.models import Membership
from networks.permissions import can_join, can_lead, role_in
from networks.selectors.members import members_by_setting
from networks.selectors.registers import attendance_by_setting
from networks.services import memberships as services
from networks.services.free_text import HoldsPupilIdentifier
from networks.services.networks import change_network
from networks.views.lookup import crumbs, inside_or_403, network_or_404


@signed_in
@require_GET
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the members by setting; the lead sees each setting's attendance too."""
    network = inside_or_403(request, slug)
    on = request.today  # type: ignore[attr-defined]
    may_lead = can_lead(request.user, network, on=on)  # type: ignore[arg-type]
    groups = members_by_setting(network, on)
    attendance = (
        {row.organisation_id: row for row in attendance_by_setting(network, at=clock.now())}
        if may_lead
        else {}
    )
    return render(
        request,
        "pages/networks/members.html",
        {
            "network": network,
            "groups": [
                {"group": group, "attendance": attendance.get(group.organisation_id or 0)}
                for group in groups
            ],
            "people": sum(len(group.people) for group in groups),
            "sees_names": may_lead or role_in(request.user, network, on=on) is not None,  # type: ignore[arg-type]
            "may_lead": may_lead,
            "page_title": "Members by setting",
            "page_caption": network.name,
            "breadcrumbs": crumbs(network),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Join an open network; someone with several posts says which setting they come for."""
    network = network_or_404(request, slug)
    on = request.today  # type: ignore[attr-defined]
    if not can_join(request.user, network, on=on):  # type: ignore[arg-type]
        raise PermissionDenied
    own = Organisation.objects.filter(
        pk__in=request.user.posts.filter(in_force(on)).values("organisation")  # type: ignore[union-attr]
    )
    form = SettingChoiceForm(request.POST or None, person=request.user, today=on)  # type: ignore[arg-type]
    settings = list(own[:2])
    if request.method == "POST" and (len(settings) < 2 or form.is_valid()):
        chosen = form.cleaned_data["organisation"] if len(settings) > 1 else None
        try:
            services.join_network(
                by=request.user,  # type: ignore[arg-type]
                network=network,
                organisation=chosen or (settings[0] if settings else None),
                at=clock.now(),
            )
            messages.success(request, f"You belong to {network.name} now.")
        except services.UnableToAddMember as error:
            messages.error(request, str(error))
        return redirect(network.get_absolute_url())
    return render(
        request,
        "pages/networks/join.html",
        {
            "network": network,
            "form": form if len(settings) > 1 else None,
            "page_title": f"Join {network.name}",
            "breadcrumbs": crumbs(network),
        },
    )


@signed_in
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave a network from tomorrow on."""
    network = network_or_404(request, slug)
    on = request.today  # type: ignore[attr-defined]
    own = Membership.objects.in_force(on).filter(network=network, person=request.user.pk)
    for membership in own:
        services.end_membership(
            by=request.user,  # type: ignore[arg-type]
            membership=membership,
            ends_on=on,
            at=clock.now(),
        )
    messages.success(request, f"You leave {network.name} at the end of today.")
    return redirect("/networks/")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a person by their address."""
    network = network_or_404(request, slug)
    on = request.today  # type: ignore[attr-defined]
    if not can_lead(request.user, network, on=on):  # type: ignore[arg-type]
        raise PermissionDenied
    form = AddMemberForm(request.POST or None, local_area=network.local_area, today=on)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        post = (
            form.person.posts.filter(in_force(on), organisation__local_area=network.local_area)
            .order_by("-weekly_hours", "starts_on")
            .first()
        )
        try:
            services.add_member(
                by=request.user,  # type: ignore[arg-type]
                network=network,
                person=form.person,
                organisation=post.organisation if post else None,
                role=form.cleaned_data["role"],
                starts_on=on,
                at=clock.now(),
            )
        except services.UnableToAddMember as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"{form.person} belongs to {network.name} now.")
            return redirect("networks:members", slug=slug)
    return render(
        request,
        "pages/networks/member_form.html",
        {
            "network": network,
            "form": form,
            "submit_label": "Add to the network",
            "page_title": "Add a member",
            "page_caption": network.name,
            "breadcrumbs": crumbs(
                network, ("Members", reverse("networks:members", args=[network.slug]))
            ),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what a member does, or end their membership."""
    network = network_or_404(request, slug)
    on = request.today  # type: ignore[attr-defined]
    if not can_lead(request.user, network, on=on):  # type: ignore[arg-type]
        raise PermissionDenied
    current = Membership.objects.in_force(on).filter(network=network)
    membership = get_object_or_404(current.select_related("person", "organisation"), pk=pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and "end" in request.POST:
        services.end_membership(
            by=request.user,  # type: ignore[arg-type]
            membership=membership,
            ends_on=on,
            at=clock.now(),
        )
        messages.success(request, "The membership ends today.")
        return redirect("networks:members", slug=slug)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_role(
                by=request.user,  # type: ignore[arg-type]
                membership=membership,
                role=form.cleaned_data["role"],
                at=clock.now(),
            )
        except services.UnableToChangeMember as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("networks:members", slug=slug)
    return render(
        request,
        "pages/networks/member_change.html",
        {
            "network": network,
            "membership": membership,
            "form": form,
            "page_title": str(membership.person or membership.organisation),
            "page_caption": network.name,
            "breadcrumbs": crumbs(
                network, ("Members", reverse("networks:members", args=[network.slug]))
            ),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a network's name, purpose, visibility and standing items."""
    network = network_or_404(request, slug)
    if not can_lead(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    form = NetworkForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        try:
            change_network(
                by=request.user,  # type: ignore[arg-type]
                network=network,
                at=clock.now(),
                **form.cleaned_data,
            )
        except HoldsPupilIdentifier as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(network.get_absolute_url())
    return render(
        request,
        "pages/networks/member_form.html",
        {
            "network": network,
            "form": form,
            "submit_label": "Save changes",
            "page_title": "Settings of this network",
            "page_caption": network.name,
            "breadcrumbs": crumbs(network),
        },
    )
