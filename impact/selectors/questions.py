"""Questions and their answers, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from impact.enums import AnalysisStatus, Outcome, SchoolGroup, Threshold
from impact.models import Analysis, EvaluationPlan
from impact.stats.wording import Subject

if TYPE_CHECKING:
    from accounts.models import LocalArea, User

_OUTCOME_WORDS = {
    Outcome.SUSPENSIONS: "suspensions",
    Outcome.PUPILS_SUSPENDED: "pupils suspended",
    Outcome.PERMANENT_EXCLUSIONS: "permanent exclusions",
    Outcome.PERSISTENT_ABSENTEES: "pupils persistently absent",
}
_GROUP_WORDS = {
    SchoolGroup.PRIMARY: "primary schools",
    SchoolGroup.SECONDARY: "secondary schools",
    SchoolGroup.MAINSTREAM: "schools",
}
_THRESHOLD_WORDS = {
    Threshold.ONE_PERSON: "where somebody",
    Threshold.SHARE_20: "where 20 % of staff",
    Threshold.SHARE_40: "where 40 % of staff",
    Threshold.SHARE_60: "where 60 % of staff",
    Threshold.SHARE_80: "where 80 % of staff",
}


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question as a list shows it: the plan and its latest run, if any."""

    plan: EvaluationPlan
    analysis: Analysis | None

    @property
    def state(self) -> tuple[str, str]:
        """Return status and label, as the status tag takes them."""
        if self.plan.status == "draft":
            return "draft", "Draft"
        if self.analysis is None:
            return "awaiting", "Locked, not run yet"
        if self.analysis.status == AnalysisStatus.FAILED:
            return "overdue", "Could not be done"
        if self.analysis.status != AnalysisStatus.DONE:
            return "in_progress", "Running"
        return "done", "Answered"


def subject_of(plan: EvaluationPlan) -> Subject:
    """Put a plan's training, group and outcome into the phrases of an answer."""
    schools = _GROUP_WORDS[SchoolGroup(plan.school_group)]
    trained = _THRESHOLD_WORDS[Threshold(plan.threshold)]
    return Subject(
        group=f"{schools} {trained} did “{plan.course.title}”",
        outcome=_OUTCOME_WORDS[Outcome(plan.outcome)],
        comparison="similar schools",
    )


def question_cards(user: User, local_area: LocalArea) -> list[QuestionCard]:
    """List the newest version of each question the person may see, latest first; two queries."""
    plans = (
        EvaluationPlan.objects.visible_to(user)
        .filter(local_area=local_area)
        .latest_versions()
        .select_related("course")
        .prefetch_related(Prefetch("analyses", Analysis.objects.defer("result"), "runs"))
    )
    return [QuestionCard(plan, plan.runs[0] if plan.runs else None) for plan in plans]
