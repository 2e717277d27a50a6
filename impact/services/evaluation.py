"""Questions: write, lock, replace; and their runs: request, do, freeze."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.models import LocalArea, User
from core import clock, outbox, pupil_identifiers
from courses.models import Course
from impact.enums import AnalysisStatus, Comparator, PlanStatus, PupilGroup
from impact.models import Analysis, EvaluationPlan
from impact.permissions import can_ask, can_lock

RUN = "impact.run_analysis"
DRAWN_FROM = 2_147_483_647


class UnableToAsk(Exception):
    """The question cannot be written so; the message says why."""


class UnableToLock(Exception):
    """The question cannot be locked; the message says why."""


class UnableToRun(Exception):
    """The question cannot be run now; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person asks; fields as on EvaluationPlan."""

    question: str
    course: Course
    threshold: str
    outcome: str
    school_group: str
    first_year: int
    last_year: int
    reason: str = ""
    pupil_group: str = PupilGroup.ALL
    comparator: str = Comparator.NOT_YET

    def facts(self) -> dict[str, object]:
        """Return the fields by name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def write_plan(
    *, local_area: LocalArea, asked: Question, by: User, at: dt.datetime
) -> EvaluationPlan:
    """Write a question as a draft. Raises PermissionDenied or UnableToAsk."""
    if not can_ask(by, local_area, clock.london_date(at)):
        raise PermissionDenied
    _check(asked, local_area)
    plan = EvaluationPlan.objects.create(
        local_area=local_area, created_at=at, created_by=by, **asked.facts()
    )
    audit.record(actor=by, verb="question.written", obj=plan, local_area=local_area, at=at)
    return plan


@transaction.atomic
def change_plan(
    *, plan: EvaluationPlan, asked: Question, by: User, at: dt.datetime
) -> EvaluationPlan:
    """Change a draft in place; a locked question gets a new version and is itself kept.

    The new version says whether an earlier one had been answered. Raises PermissionDenied or
    UnableToAsk.
    """
    if not can_lock(by, plan, clock.london_date(at)):
        raise PermissionDenied
    standing = EvaluationPlan.objects.select_for_update().get(pk=plan.pk)
    _check(asked, standing.local_area)
    if standing.status == PlanStatus.REPLACED:
        raise UnableToAsk("A later version has taken this question's place. Change that one.")
    if standing.status == PlanStatus.DRAFT:
        for name, value in asked.facts().items():
            setattr(standing, name, value)
        standing.save()
        audit.record(actor=by, verb="question.changed", obj=standing, at=at)
        return standing
    standing.status = PlanStatus.REPLACED
    standing.save(update_fields=["status"])
    seen = Analysis.objects.filter(
        plan__question_id=standing.question_id, status=AnalysisStatus.DONE
    ).exists()
    replacement = EvaluationPlan.objects.create(
        local_area=standing.local_area,
        question_id=standing.question_id,
        version=standing.version + 1,
        seen_before=seen,
        created_at=at,
        created_by=by,
        **asked.facts(),
    )
    audit.record(
        actor=by,
        verb="question.replaced",
        obj=replacement,
        data={"version": replacement.version, "seen_before": seen},
        at=at,
    )
    return replacement


@transaction.atomic
def lock_plan(*, plan: EvaluationPlan, by: User, at: dt.datetime) -> EvaluationPlan:
    """Lock a draft: from here on only a new version can change it. Raises UnableToLock."""
    if not can_lock(by, plan, clock.london_date(at)):
        raise PermissionDenied
    standing = EvaluationPlan.objects.select_for_update().get(pk=plan.pk)
    if standing.status != PlanStatus.DRAFT:
        raise UnableToLock("This question is locked already.")
    standing.status, standing.locked_at, standing.locked_by = PlanStatus.LOCKED, at, by
    standing.save(update_fields=["status", "locked_at", "locked_by"])
    audit.record(actor=by, verb="question.locked", obj=standing, at=at)
    return standing


@transaction.atomic
def request_analysis(*, plan: EvaluationPlan, by: User, at: dt.datetime) -> Analysis:
    """Ask for a run of a locked question; the worker does it. Raises UnableToRun."""
    if not can_lock(by, plan, clock.london_date(at)):
        raise PermissionDenied
    standing = EvaluationPlan.objects.select_for_update().get(pk=plan.pk)
    if standing.status != PlanStatus.LOCKED:
        raise UnableToRun("Lock the question first: it must stand before the figures are seen.")
    open_run = standing.analyses.filter(
        status__in=(AnalysisStatus.WAITING, AnalysisStatus.RUNNING)
    ).first()
    if open_run is not None:
        return open_run
    analysis = Analysis.objects.create(
        plan=standing, requested_at=at, requested_by=by, seed=_seed_of(standing)
    )
    audit.record(actor=by, verb="analysis.requested", obj=analysis, at=at)
    outbox.enqueue(kind=RUN, key=f"{RUN}:{analysis.pk}:0", payload={"analysis": analysis.pk})
    return analysis


def do_analysis(*, analysis_id: int, at: dt.datetime) -> Analysis:
    """Do a requested run and freeze its result; a finished one is left as it is.

    Claims and stores in short transactions and computes in none, so that nobody waits for it.
    Called in the worker: this loads the heavy libraries.
    """
    analysis = _claim(analysis_id, at)
    if analysis.status == AnalysisStatus.DONE:
        return analysis
    from impact.analyses.inputs import inputs_of
    from impact.analyses.run import run
    from impact.selectors.questions import subject_of

    try:
        inputs = inputs_of(analysis.plan)
        found = run(inputs, subject_of(analysis.plan), seed=analysis.seed)
    except Exception as error:
        Analysis.objects.filter(pk=analysis_id).exclude(status=AnalysisStatus.DONE).update(
            status=AnalysisStatus.FAILED, failure=type(error).__name__, finished_at=clock.now()
        )
        raise
    with transaction.atomic():
        standing = Analysis.objects.select_for_update().get(pk=analysis_id)
        if standing.status == AnalysisStatus.DONE:
            return standing
        standing.status, standing.finished_at = AnalysisStatus.DONE, clock.now()
        standing.grade, standing.answer, standing.result = found.grade, found.answer, found.result
        standing.failure = ""
        standing.save()
        standing.data_versions.set(inputs.versions)
        audit.record(
            actor=None, verb="analysis.done", obj=standing, data={"grade": found.grade}, at=at
        )
    return standing


def _claim(analysis_id: int, at: dt.datetime) -> Analysis:
    with transaction.atomic():
        analysis = Analysis.objects.select_for_update(of=("self",)).get(pk=analysis_id)
        if analysis.status != AnalysisStatus.DONE:
            analysis.status, analysis.started_at = AnalysisStatus.RUNNING, at
            analysis.save(update_fields=["status", "started_at"])
    return Analysis.objects.select_related("plan__local_area", "plan__course").get(pk=analysis_id)


def _check(asked: Question, local_area: LocalArea) -> None:
    if asked.course.local_area_id != local_area.pk:
        raise UnableToAsk("Choose a course of this local area.")
    if asked.last_year <= asked.first_year:
        raise UnableToAsk("The last year must come after the first.")
    if asked.pupil_group != PupilGroup.ALL:
        raise UnableToAsk(
            "No return splits schools' figures by SEN provision, so only all pupils can be chosen."
        )
    for text in (asked.question, asked.reason):
        if any(finding.must_hold for finding in pupil_identifiers.scan(text)):
            raise UnableToAsk("Take out the pupil number or NHS number first.")


def _seed_of(plan: EvaluationPlan) -> int:
    """Fix the shuffles by the question, so that running again cannot be used to fish."""
    return (plan.question_id.int + plan.version) % DRAWN_FROM


def asked_of(plan: EvaluationPlan) -> Question:
    """Give a plan back as the question it was written from."""
    return Question(**{name: getattr(plan, name) for name in Question.__dataclass_fields__})
