"""Models of courses, one noun a file."""

from courses.models.activity import Activity
from courses.models.attempt import Attempt, AttemptState, QuizSitting, Statement
from courses.models.completion import Completion
from courses.models.course import Course, CourseVersion
from courses.models.course_page import CoursePage
from courses.models.course_parts import (
    CourseAudience,
    CourseCitation,
    CourseModule,
    CourseNeed,
    CourseOutcome,
)
from courses.models.enrolment import Enrolment, LessonProgress
from courses.models.index_page import CourseIndexPage
from courses.models.lesson_page import LessonPage
from courses.models.quiz import Quiz
from courses.packages.models import (
    ContentPackage,
    H5PLibrary,
    LibraryApproval,
    PackageRevision,
    RevisionLibrary,
)

__all__ = [
    "Activity",
    "Attempt",
    "AttemptState",
    "Completion",
    "ContentPackage",
    "Course",
    "CourseAudience",
    "CourseCitation",
    "CourseIndexPage",
    "CourseModule",
    "CourseNeed",
    "CourseOutcome",
    "CoursePage",
    "CourseVersion",
    "Enrolment",
    "H5PLibrary",
    "LessonPage",
    "LessonProgress",
    "LibraryApproval",
    "PackageRevision",
    "Quiz",
    "QuizSitting",
    "RevisionLibrary",
    "Statement",
]
