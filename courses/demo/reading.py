"""Reads the demo's courses from plain text files (courses/demo/texts/), made for people to write.

Facts as `name: value`; `== lesson: Title | minutes` and `== quiz: Title | pass mark` begin parts;
`-- kind` begins a block. In words, `## ` is a heading, `- ` and `1. ` are lists, `**` is bold. In
a quiz `* ` is a right answer, `- ` a wrong one, what follows `::` is feedback, and `= ` explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).resolve().parent / "texts"


class UnreadableText(ValueError):
    """A text file breaks the rules above; the message says where."""


@dataclass
class Block:
    """One block: its kind, what stands behind the bars of its first line, and its lines."""

    kind: str
    arguments: list[str]
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines).strip()


@dataclass
class Part:
    """A lesson or a quiz."""

    kind: str
    title: str
    number: int
    introduction: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The words before the first block."""
        return " ".join(self.introduction).strip()


@dataclass
class CourseText:
    """One file: facts by name (lists where a name comes twice), lessons and quizzes."""

    facts: dict[str, list[str]]
    parts: list[Part]

    def one(self, name: str, default: str = "") -> str:
        """Return a fact that comes at most once."""
        return self.facts.get(name, [default])[0]

    def many(self, name: str) -> list[str]:
        """Return a fact that comes several times, or several values between commas."""
        values = self.facts.get(name, [])
        if len(values) == 1:
            return [value.strip() for value in values[0].split(",") if value.strip()]
        return values

    def each(self, name: str) -> list[str]:
        """Return every line of a fact as it stands."""
        return self.facts.get(name, [])

    @property
    def lessons(self) -> list[Part]:
        """The lessons in order."""
        return [part for part in self.parts if part.kind == "lesson"]

    @property
    def quizzes(self) -> dict[str, Part]:
        """The quizzes by title."""
        return {part.title: part for part in self.parts if part.kind == "quiz"}


def all_courses() -> list[CourseText]:
    """Read every course, by its number."""
    courses = [read_course(path) for path in sorted(TEXTS.glob("*.txt"))]
    return sorted(courses, key=lambda course: int(course.one("number")))


def read_course(path: Path) -> CourseText:
    """Read one file; raise UnreadableText."""
    course = CourseText({}, [])
    for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            _take(course, line)
        except (ValueError, IndexError) as error:
            raise UnreadableText(f"{path.name}, line {place}: {line}") from error
    return course


def _take(course: CourseText, line: str) -> None:
    if line.startswith("== "):
        kind, _, rest = line[3:].partition(": ")
        title, _, number = rest.rpartition(" | ")
        course.parts.append(Part(kind, title, int(number)))
    elif not course.parts:
        if line.strip():
            name, value = line.split(": ", 1)
            course.facts.setdefault(name, []).append(value.strip())
    elif line.startswith("-- "):
        kind, *arguments = [word.strip() for word in line[3:].split("|")]
        course.parts[-1].blocks.append(Block(kind, arguments))
    elif course.parts[-1].blocks:
        course.parts[-1].blocks[-1].lines.append(line)
    elif line.strip():
        course.parts[-1].introduction.append(line.strip())


def as_html(text: str) -> str:
    """Turn the small marks of the texts into HTML."""
    return "".join(_paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _paragraph(text: str) -> str:
    if text.startswith("## "):
        return f"<h2>{_inline(text[3:])}</h2>"
    lines = text.splitlines()
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>"
    if all(re.match(r"\d+\. ", line) for line in lines):
        items = (line.split(". ", 1)[1] for line in lines)
        return "<ol>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ol>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(text, quote=False))


def questions_of(quiz: Part) -> list[dict[str, Any]]:
    """Return the questions as {prompt, explanation, options: [{text, right, feedback}]}."""
    return [_question(block) for block in quiz.blocks if block.kind == "question"]


def _question(block: Block) -> dict[str, Any]:
    prompt: list[str] = []
    explanation: list[str] = []
    options: list[dict[str, Any]] = []
    for line in block.lines:
        if line.startswith(("* ", "- ")):
            text, _, feedback = line[2:].partition("::")
            options.append(
                {"text": text.strip(), "right": line[0] == "*", "feedback": feedback.strip()}
            )
        elif line.startswith("= "):
            explanation.append(line[2:].strip())
        elif line.strip():
            prompt.append(line.strip())
    return {
        "prompt": " ".join(prompt),
        "explanation": " ".join(explanation),
        "options": options,
    }
