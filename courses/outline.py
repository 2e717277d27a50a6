"""What a version of a course consists of, frozen at publishing: modules, lessons, activities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class OutlineActivity:
    """One thing to do inside a lesson; `id` is the Activity's."""

    id: int
    kind: str
    title: str
    required: bool


@dataclass(frozen=True)
class OutlineLesson:
    """One lesson; `id` is the lesson page's, `revision` the revision that was live."""

    id: int
    title: str
    minutes: int
    required: bool
    revision: int | None
    activities: tuple[OutlineActivity, ...] = ()

    @property
    def required_activities(self) -> tuple[OutlineActivity, ...]:
        """The activities that must be completed before the lesson is done."""
        return tuple(activity for activity in self.activities if activity.required)


@dataclass(frozen=True)
class OutlineModule:
    """A titled group of lessons; the title is empty where a course has no modules."""

    title: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True)
class Outline:
    """The whole structure. `completes_online`: doing all of it completes the course."""

    modules: tuple[OutlineModule, ...] = ()
    completes_online: bool = False

    def lessons(self) -> Iterator[OutlineLesson]:
        """Yield the lessons in the order they are taken."""
        for module in self.modules:
            yield from module.lessons

    @property
    def required_lessons(self) -> tuple[OutlineLesson, ...]:
        """The lessons that count for completion."""
        return tuple(lesson for lesson in self.lessons() if lesson.required)

    @property
    def required_activities(self) -> tuple[OutlineActivity, ...]:
        """The activities that count for completion."""
        return tuple(
            activity for lesson in self.required_lessons for activity in lesson.required_activities
        )

    def lesson(self, lesson_id: int) -> OutlineLesson | None:
        """Return the lesson of this page, or None if the version has no such lesson."""
        return next((lesson for lesson in self.lessons() if lesson.id == lesson_id), None)

    def as_json(self) -> dict[str, Any]:
        """Return plain data for CourseVersion.contents."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outline:
        """Read what `as_json` wrote."""
        return cls(
            modules=tuple(
                OutlineModule(
                    title=module["title"],
                    lessons=tuple(
                        OutlineLesson(
                            **{
                                **lesson,
                                "activities": tuple(
                                    OutlineActivity(**activity) for activity in lesson["activities"]
                                ),
                            }
                        )
                        for lesson in module["lessons"]
                    ),
                )
                for module in data.get("modules", [])
            ),
            completes_online=data.get("completes_online", False),
        )
