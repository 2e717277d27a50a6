"""The team grid, its export, a person's page, and nudges."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import access, audit
from accounts.models import Post, User
from accounts.policies import manages_people
from core import clock
from cpd_tracking.explain import count_text
from cpd_tracking.exports import grid_csv
from cpd_tracking.forms import GridFilterForm
from cpd_tracking.models import Obligation, TrainingRequirement
from cpd_tracking.selectors.team import (
    PAGE_SIZE,
    GridFilters,
    TeamGrid,
    posts_of_team,
    team_grid,
    team_obligations,
)
from cpd_tracking.services.nudges import NUDGEABLE, nudge, nudgeable
from cpd_tracking.views.requests import Request
from cpd_tracking.wording import words_of


def _form(request: Request, posts: QuerySet[Post]) -> GridFilterForm:
    """Offer the places, roles and requirements of the posts in scope."""
    if request.local_area:
        posts = posts.filter(organisation__local_area=request.local_area)
    places = posts.order_by().values_list(
        "organisation_id", "organisation__name", "job_role"
    ).distinct()  # fmt: skip
    rows = list(places)
    return GridFilterForm(
        request.GET,
        requirements=list(
            TrainingRequirement.objects.filter(local_area=request.local_area or None)
        ),
        job_roles=sorted({row[2] for row in rows}),
        organisations=sorted({(row[0], row[1]) for row in rows}, key=lambda item: item[1]),
    )


def _page_number(request: Request) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1


def _stat_url(request: Request, status: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    if query.get("status") == status:
        query.pop("status")
    else:
        query["status"] = status
    return "?" + query.urlencode()


@manages_people
@require_GET
def team(request: Request) -> HttpResponse:
    """Show the grid, people with exceptions first."""
    reach = access.reach_of(request.user, request.today)
    reached = reach.posts()
    form = _form(request, reached)
    filters = form.filters()
    grid = team_grid(
        request.user,
        filters,
        request.today,
        page=_page_number(request),
        local_area=request.local_area or None,
        reached=reached,
        managed=reach.managed if reach.is_partly_read_only else None,
    )
    return render(
        request,
        "pages/cpd_tracking/team.html",
        {
            "page_title": "My team",
            "form": None,
            "filter_form": form,
            "grid": grid,
            "may_nudge": not reach.is_partly_read_only or any(row.nudge_ids for row in grid.rows),
            "page_obj": Paginator(range(grid.total), PAGE_SIZE).get_page(grid.page),
            "stats": _stats(request, grid, filters),
            "query": request.GET.urlencode(),
            "today": request.today,
        },
    )


def _stats(request: Request, grid: TeamGrid, filters: GridFilters) -> list[dict[str, Any]]:
    stats = grid.stats
    share = "-" if stats.percent is None else f"{stats.percent}\xa0%"
    return [
        {
            "value": stats.late,
            "label": "overdue",
            "status": "overdue" if stats.late else "",
            "url": _stat_url(request, "overdue"),
            "current": filters.status == "overdue",
        },
        {
            "value": stats.due,
            "label": "due soon",
            "status": "due_soon" if stats.due else "",
            "url": _stat_url(request, "due"),
            "current": filters.status == "due",
        },
        {
            "value": share,
            "label": "up to date",
            "detail": f"{stats.valid} of {stats.counted}",
        },
    ]


@manages_people
@require_GET
def team_csv(request: Request) -> StreamingHttpResponse:
    """Download every row the filters match, as the screen shows it."""
    reached = access.posts_in_scope(request.user, request.today)
    grid = team_grid(
        request.user,
        _form(request, reached).filters(),
        request.today,
        page=None,
        local_area=request.local_area or None,
        reached=reached,
    )
    audit.record(
        actor=request.user,
        verb="team.exported",
        local_area=request.local_area or None,
        data={"rows": grid.total},
    )
    response = StreamingHttpResponse(grid_csv(grid), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="team-{request.today}.csv"'
    return response


@manages_people
@require_GET
def person(request: Request, public_id: UUID) -> HttpResponse:
    """Show one person in scope; the visit is recorded, and the person sees that."""
    reach = access.reach_of(request.user, request.today)
    posts = posts_of_team(request.user, GridFilters(), request.today, reach.posts())
    # Not a join: somebody with two posts in scope is one person.
    reached = User.objects.filter(pk__in=posts.order_by().values("person"))
    somebody = get_object_or_404(reached, public_id=public_id)
    held = list(posts.filter(person=somebody).select_related("organisation"))
    rows = list(
        team_obligations(posts.filter(person=somebody), GridFilters(), request.today)
        .select_related("requirement", "version", "post__organisation")
        .order_by("due_on", "requirement__position", "pk")
    )
    audit.record_view(
        by=request.user,
        person=somebody,
        local_area=request.local_area or None,
        at=clock.now(),
        organisation=held[0].organisation if held else None,
    )
    to_do = [row for row in rows if row.status in NUDGEABLE]
    may_nudge = somebody != request.user and (
        not reach.is_partly_read_only or reach.managed_posts().filter(person=somebody).exists()
    )
    return render(
        request,
        "pages/cpd_tracking/person.html",
        {
            "page_title": somebody.get_full_name(),
            "page_caption": ", ".join(
                f"{post.get_job_role_display()} at {post.organisation}" for post in held
            ),
            "somebody": somebody,
            "is_self": somebody == request.user,
            "may_nudge": may_nudge,
            "to_do": [words_of(row, request.today) for row in to_do],
            "rest": [words_of(row, request.today) for row in rows if row not in to_do],
            "breadcrumbs": [{"label": "Team", "url": "/team/"}],
        },
    )


@manages_people
@require_POST
def nudge_people(request: Request) -> HttpResponse:
    """Ask for confirmation of a nudge, then send it; a second press sends nothing more."""
    back = _back(request)
    ids = _obligation_ids(request)
    if request.POST.get("confirmed") == "yes":
        sent = nudge(by=request.user, obligation_ids=ids, at=clock.now())
        messages.success(request, _sent_words(sent.obligations, sent.people, sent.already))
        return redirect(back)
    rows = nudgeable(by=request.user, obligation_ids=ids, on=request.today)
    if not rows:
        messages.info(request, "Nobody you chose has anything overdue or due soon.")
        return redirect(back)
    people = {row.learner_id for row in rows}
    return render(
        request,
        "pages/cpd_tracking/nudge.html",
        {
            "page_title": f"Nudge {count_text(len(people), 'person')}?".replace(
                "persons", "people"
            ),
            "rows": rows,
            "back": back,
            "back_query": request.POST.get("back", ""),
        },
    )


def _sent_words(obligations: int, people: int, already: int) -> str:
    if not obligations:
        return "They were nudged about this today already. Nothing more was sent."
    who = "1 person" if people == 1 else f"{people} people"
    text = f"A reminder about {count_text(obligations, 'requirement')} goes to {who}."
    if already:
        text += f" {count_text(already, 'requirement')} had been nudged today already."
    return text


def _obligation_ids(request: Request) -> list[int]:
    """What was chosen: obligations themselves, or people (then all that is late or due soon)."""
    chosen = [int(value) for value in request.POST.getlist("obligation")[:2000] if _number(value)]
    people = [int(value) for value in request.POST.getlist("selected")[:500] if _number(value)]
    if people:
        chosen += (
            Obligation.objects.visible_to(request.user, request.today)
            .current(request.today)
            .with_status(request.today)
            .filter(learner__in=people, status__in=NUDGEABLE)
            .values_list("pk", flat=True)
        )
    return chosen


def _number(value: str) -> bool:
    return value.isdecimal() and len(value) < 16


def _back(request: Request) -> str:
    """Return to the grid with its filters, or to a person's page; never to another site."""
    person_id = request.POST.get("person", "")
    try:
        return f"/team/people/{UUID(person_id)}/"
    except ValueError:
        pass
    from django.http import QueryDict

    query = QueryDict(request.POST.get("back", "")[:500])
    return "/team/" + ("?" + urlencode(list(query.items())) if query else "")
