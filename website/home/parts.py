"""The parts a home is made of; their names are those of the components that show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """The one next thing: the variables of components/action_panel.html."""

    title: str
    url: str
    label: str
    eyebrow: str = ""
    detail: str = ""
    meta: str = ""


@dataclass(frozen=True)
class Task:
    """One thing to do: the variables of components/task_row.html."""

    title: str
    url: str
    why: str = ""
    status: str = ""
    status_label: str = ""
    due: str = ""
    action_label: str = ""
    action_url: str = ""


@dataclass(frozen=True)
class Event:
    """One meeting: the variables of components/event_row.html."""

    title: str
    day: str
    month: str
    url: str
    when: str
    place: str = ""
    status: str = ""
    status_label: str = ""


@dataclass(frozen=True)
class Stat:
    """One number with its denominator: the variables of components/stat.html."""

    value: str
    label: str
    url: str = ""
    detail: str = ""
    status: str = ""


@dataclass(frozen=True)
class News:
    """Something new since lately: the variables of components/result_row.html."""

    title: str
    url: str
    kind: str
    summary: str = ""


@dataclass(frozen=True)
class Duty:
    """A part of the home that a role adds: numbers that lead to a list of exceptions.

    `action` is what the role asks for next; it leads the home of somebody whose own learning
    asks for nothing.
    """

    heading: str
    stats: tuple[Stat, ...]
    url: str
    label: str
    note: str = ""
    action: Action | None = None
