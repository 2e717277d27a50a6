"""Questions: list, write, change, lock, run, and the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.policies import evaluates
from core import clock
from impact.enums import AnalysisStatus, PlanStatus
from impact.forms import QuestionForm
from impact.models import EvaluationPlan
from impact.selectors.answers import answer_of
from impact.selectors.questions import QuestionCard, question_cards
from impact.services.evaluation import (
    UnableToAsk,
    UnableToLock,
    UnableToRun,
    asked_of,
    change_plan,
    lock_plan,
    request_analysis,
    write_plan,
)

CRUMBS = [
    {"label": "Impact", "url": "/impact/"},
    {"label": "Questions", "url": "/impact/questions/"},
]


@evaluates
def question_list(request: HttpRequest) -> HttpResponse:
    """List the area's questions with their grades."""
    return render(
        request,
        "pages/impact/questions.html",
        {
            "page_title": "Questions",
            "page_lede": "Each is written and locked before its figures are seen.",
            "breadcrumbs": CRUMBS[:1],
            "questions": question_cards(request.user, request.local_area),  # type: ignore[arg-type, attr-defined]
        },
    )


@evaluates
def write(request: HttpRequest) -> HttpResponse:
    """Write a question as a draft."""
    area = request.local_area  # type: ignore[attr-defined]
    form = QuestionForm(request.POST or None, local_area=area)
    if request.method == "POST" and form.is_valid():
        try:
            plan = write_plan(
                local_area=area,
                asked=form.asked(),
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except UnableToAsk as error:
            form.add_error(None, str(error))
        else:
            return redirect("impact:question", plan.pk)
    return _form_page(request, form, "Ask a question", "Save as draft")


@evaluates
def change(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Change a draft, or write the next version of a locked question."""
    plan = _plan(request, plan_id)
    area = request.local_area  # type: ignore[attr-defined]
    form = QuestionForm(request.POST or None, local_area=area, initial=asked_of(plan).facts())
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_plan(
                plan=plan,
                asked=form.asked(),
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except UnableToAsk as error:
            form.add_error(None, str(error))
        else:
            return redirect("impact:question", changed.pk)
    if plan.status == PlanStatus.DRAFT:
        return _form_page(request, form, "Change the question", "Save as draft")
    return _form_page(request, form, "Write a new version", "Save the new version")


@evaluates
def question(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a question: its plan as a draft, its state while running, its answer when done."""
    plan = _plan(request, plan_id)
    analysis = plan.analyses.prefetch_related("data_versions").first()
    context = {
        "page_title": plan.question,
        "breadcrumbs": CRUMBS,
        "plan": plan,
        "analysis": analysis,
        "card": QuestionCard(plan, analysis),
    }
    if analysis is not None and analysis.status == AnalysisStatus.DONE:
        context["found"] = answer_of(analysis)
        return render(request, "pages/impact/answer.html", context)
    if request.headers.get("HX-Request"):
        return render(request, "pages/impact/question_state.html", context)
    return render(request, "pages/impact/question.html", context)


@evaluates
def state(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give the state of a run as a fragment; tell the page to load again when it is over."""
    plan = _plan(request, plan_id)
    analysis = plan.analyses.first()
    response = render(
        request,
        "pages/impact/question_state.html",
        {"plan": plan, "analysis": analysis, "card": QuestionCard(plan, analysis)},
    )
    if analysis is None or analysis.status in (AnalysisStatus.DONE, AnalysisStatus.FAILED):
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@evaluates
def lock(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Lock a draft."""
    try:
        lock_plan(plan=_plan(request, plan_id), by=request.user, at=clock.now())  # type: ignore[arg-type]
    except UnableToLock as error:
        messages.warning(request, str(error))
    return redirect("impact:question", plan_id)


@require_POST
@evaluates
def run(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask for a run of a locked question."""
    try:
        request_analysis(plan=_plan(request, plan_id), by=request.user, at=clock.now())  # type: ignore[arg-type]
    except UnableToRun as error:
        messages.warning(request, str(error))
    return redirect("impact:question", plan_id)


def _plan(request: HttpRequest, plan_id: int) -> EvaluationPlan:
    visible = EvaluationPlan.objects.visible_to(request.user).filter(  # type: ignore[arg-type]
        local_area=request.local_area  # type: ignore[attr-defined]
    )
    return get_object_or_404(
        visible.select_related("course", "created_by", "locked_by", "local_area"), pk=plan_id
    )


def _form_page(
    request: HttpRequest, form: QuestionForm, title: str, submit_label: str
) -> HttpResponse:
    return render(
        request,
        "pages/impact/question_form.html",
        {
            "page_title": title,
            "breadcrumbs": CRUMBS,
            "form": form,
            "submit_label": submit_label,
        },
    )
