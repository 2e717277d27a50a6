"""Clusters of settings: the list, one cluster, and who joins and leaves."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms.clusters import (
    MOST_OFFERED,
    ClusterForm,
    JoinFilterForm,
    JoinForm,
    LeaveForm,
    settings_to_join,
)
from accounts.models import Cluster
from accounts.permissions import can_keep_directory
from accounts.policies import keeps_directory
from accounts.querysets import in_force
from accounts.requests import Request
from accounts.selectors.directory import wards_of
from accounts.services.clusters import (
    UnableToChangeCluster,
    add_cluster,
    add_settings,
    change_cluster,
    end_cluster,
    end_membership,
)
from accounts.views.organisations import DIRECTORY
from core import clock
from core.policies import signed_in

CLUSTERS = {"label": "Clusters", "url": "/clusters/"}


def _cluster_or_404(request: Request, pk: int) -> Cluster:
    rows = Cluster.objects.visible_to(request.user, request.today).filter(
        local_area=request.local_area or None
    )
    return get_object_or_404(rows.select_related("lead", "local_area"), pk=pk)


def _form_page(request: Request, title: str, form: object, submit: str, back: str) -> HttpResponse:
    return render(
        request,
        "pages/accounts/organisations/form.html",
        {"page_title": title, "form": form, "submit_label": submit, "back": back},
    )


@signed_in
@require_GET
def cluster_list(request: Request) -> HttpResponse:
    """List the area's clusters with the number of their settings."""
    members = Count("memberships", filter=in_force(request.today, "memberships__"))
    rows = (
        Cluster.objects.visible_to(request.user, request.today)
        .filter(local_area=request.local_area or None)
        .select_related("lead")
        .annotate(settings=members)
        .order_by("name")
    )
    return render(
        request,
        "pages/accounts/organisations/clusters.html",
        {
            "page_title": "Clusters",
            "breadcrumbs": [DIRECTORY],
            "clusters": rows,
            "may_keep": can_keep_directory(request.user, request.local_area, on=request.today),
        },
    )


@signed_in
@require_GET
def cluster(request: Request, pk: int) -> HttpResponse:
    """Show a cluster: the settings in it today, those to come, and those that left."""
    shown = _cluster_or_404(request, pk)
    memberships = list(
        shown.memberships.select_related("organisation").order_by("organisation__name", "pk")
    )
    today = request.today
    return render(
        request,
        "pages/accounts/organisations/cluster.html",
        {
            "page_title": shown.name,
            "breadcrumbs": [DIRECTORY, CLUSTERS],
            "cluster": shown,
            "present": [row for row in memberships if not row.ends_on or row.ends_on >= today],
            "past": [row for row in memberships if row.ends_on and row.ends_on < today],
            "today": today,
            "may_keep": can_keep_directory(request.user, shown.local_area, on=today),
        },
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Make a cluster."""
    form = ClusterForm(request.POST or None, local_area=request.local_area)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_cluster(
                by=request.user,
                local_area=request.local_area,
                at=clock.now(),
                **form.cleaned_data,
            )
        except UnableToChangeCluster as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{made} is made. Add its settings.")
            return redirect("accounts:cluster", pk=made.pk)
    return _form_page(
        request, "Add a cluster", form, "Add the cluster", reverse("accounts:clusters")
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    """Rename a cluster, or say who leads it."""
    shown = _cluster_or_404(request, pk)
    form = ClusterForm(request.POST or None, local_area=request.local_area, cluster=shown)
    if request.method == "POST" and form.is_valid():
        try:
            change_cluster(by=request.user, cluster=shown, at=clock.now(), **form.cleaned_data)
        except UnableToChangeCluster as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:cluster", pk=pk)
    back = reverse("accounts:cluster", args=[pk])
    return _form_page(request, f"Change {shown}", form, "Save", back)


@keeps_directory
@require_http_methods(["GET", "POST"])
def join(request: Request, pk: int) -> HttpResponse:
    """Let settings join from a day on."""
    shown = _cluster_or_404(request, pk)
    filter_form = JoinFilterForm(request.GET, wards=wards_of(shown.local_area))
    offered = filter_form.narrow(settings_to_join(shown))
    number = offered.count()
    form = JoinForm(request.POST or None, offered=offered, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            joined = add_settings(
                by=request.user,
                cluster=shown,
                organisations=list(form.cleaned_data["organisations"]),
                starts_on=form.cleaned_data["starts_on"],
                at=clock.now(),
            )
        except UnableToChangeCluster as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(
                request, "1 setting joins." if joined == 1 else f"{joined} settings join."
            )
            return redirect("accounts:cluster", pk=pk)
    return render(
        request,
        "pages/accounts/organisations/join.html",
        {
            "page_title": f"Add settings to {shown}",
            "form": form,
            "filter_form": filter_form,
            "number": number,
            "is_too_long": number > MOST_OFFERED,
            "back": reverse("accounts:cluster", args=[pk]),
        },
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def leave(request: Request, pk: int, membership: int) -> HttpResponse:
    """Let a setting leave on its last day."""
    shown = _cluster_or_404(request, pk)
    row = get_object_or_404(shown.memberships.select_related("organisation"), pk=membership)
    initial = {"ends_on": row.ends_on or request.today}
    form = LeaveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            end_membership(
                by=request.user,
                membership=row,
                ends_on=form.cleaned_data["ends_on"],
                at=clock.now(),
            )
        except UnableToChangeCluster as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{row.organisation} leaves {shown}.")
            return redirect("accounts:cluster", pk=pk)
    back = reverse("accounts:cluster", args=[pk])
    return _form_page(request, f"{row.organisation} leaves {shown}", form, "Save", back)


@keeps_directory
@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    """End a cluster: every setting leaves."""
    shown = _cluster_or_404(request, pk)
    form = LeaveForm(request.POST or None, initial={"ends_on": request.today})
    if request.method == "POST" and form.is_valid():
        end_cluster(
            by=request.user, cluster=shown, ends_on=form.cleaned_data["ends_on"], at=clock.now()
        )
        messages.success(request, f"{shown} ends.")
        return redirect("accounts:cluster", pk=pk)
    back = reverse("accounts:cluster", args=[pk])
    return _form_page(request, f"End {shown}?", form, "End the cluster", back)
