"""What courses hold about people."""

from __future__ import annotations

from core.registry import OnErase, OnMerge, PersonalData, acted, declare, moving
from courses.merging import move_enrolments

_RESULT = (
    "An employer must be able to show which training was done, and with what result. Your answers "
    "are erased, and your name goes from the result."
)

# What somebody said and did inside an attempt goes first: the attempt itself stays.
declare(
    PersonalData(
        model="courses.Statement",
        field="attempt__person",
        title="What interactive content noted",
        columns=("attempt__activity__title", "verb", "statement", "stored_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="courses.AttemptState",
        field="attempt__person",
        title="Where you were in interactive content",
        columns=("attempt__activity__title", "data", "saved_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="courses.QuizSitting",
        field="attempt__person",
        title="Answers to quizzes",
        # The paper is left out: it holds the right answers to questions others will be asked.
        columns=("attempt__activity__title", "answers", "submitted_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.CLEAR,
        clears=("answers",),
        because=_RESULT,
    ),
    PersonalData(
        model="courses.Attempt",
        field="person",
        title="Tries at activities",
        columns=(
            "activity__title",
            "number",
            "status",
            "started_at",
            "completed_at",
            "scaled",
            "success",
        ),
        # Tries go with the run they belong to: see courses.Enrolment.
        on_merge=OnMerge.STAY,
        on_erase=OnErase.KEEP,
        because=_RESULT,
    ),
    PersonalData(
        model="courses.LessonProgress",
        field="enrolment__person",
        title="Lessons done",
        columns=("enrolment__course__title", "lesson__title", "done_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="courses.Completion",
        field="person",
        title="Courses completed",
        columns=("version__title", "occurred_at", "hours", "score_scaled", "evidence"),
        # So do completions.
        on_merge=OnMerge.STAY,
        on_erase=OnErase.KEEP,
        because=_RESULT,
    ),
    PersonalData(
        model="courses.Enrolment",
        field="person",
        title="Courses begun",
        columns=("course__title", "started_at", "last_active_at", "finished_at"),
        on_merge=move_enrolments,
        on_erase=OnErase.KEEP,
        because=_RESULT,
    ),
    acted("courses.CourseVersion", "published_by", "Courses you published"),
    acted("courses.H5PLibrary", "added_by", "Libraries of code you added"),
    acted("courses.LibraryApproval", "approved_by", "Libraries of code you approved"),
    acted("courses.ContentPackage", "created_by", "Packages you made"),
    # Nobody approves their own: what waits goes over with whoever uploaded it.
    acted(
        "courses.PackageRevision",
        "uploaded_by",
        "Files of packages you uploaded",
        on_merge=moving("courses.PackageRevision", "uploaded_by", approved_at__isnull=True),
    ),
    acted("courses.PackageRevision", "previewed_by", "Packages you tried"),
    acted("courses.PackageRevision", "approved_by", "Packages you approved"),
)
