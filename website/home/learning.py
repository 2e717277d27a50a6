"""The person's own learning on the home: the one next action, and what is to do after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import LocalArea, User
from cpd_tracking.selectors.learner import MyLearning, my_learning
from cpd_tracking.selectors.learner import Task as LearnerTask
from website.home.parts import Action, Task

SHOWN = 4
MY_LEARNING = "/my-learning/"


@dataclass(frozen=True)
class ToDo:
    """The first things to do after the next action, and the state of things in a sentence."""

    tasks: tuple[Task, ...]
    sentence: str
    more: int


def own_learning(
    user: User, *, local_area: LocalArea, today: dt.date
) -> tuple[Action | None, ToDo]:
    """Return the one next action, if there is one, and the to-do list, as *My learning* says it."""
    learning = my_learning(user, today, local_area=local_area)
    tasks = tuple(_task(task) for task in learning.tasks[:SHOWN])
    return _action(learning), ToDo(tasks, learning.headline, len(learning.tasks) - len(tasks))


def _action(learning: MyLearning) -> Action | None:
    """Go on with what is open, begin what presses most, or read about it."""
    step = learning.next_action
    if step is not None:
        return Action(step.title, step.url, step.label, step.eyebrow, step.detail, step.meta)
    if learning.tasks:
        task = _task(learning.tasks[0])
        return Action(task.title, task.url, "See what to do", task.status_label, task.why)
    return None


def explore(todo: ToDo) -> Action:
    """Return the action of somebody of whom nothing is asked."""
    return Action(
        "Find something worth learning",
        "/courses/",
        "See the courses",
        "You are up to date",
        todo.sentence,
    )


def _task(task: LearnerTask) -> Task:
    words = task.words
    why = words.why[0].upper() + words.why[1:]
    return Task(
        title=words.title,
        url=task.start_url or MY_LEARNING,
        why=f"{why} · {words.setting}" if words.setting else why,
        status=words.status,
        status_label=words.status_label,
        due=words.due[0].upper() + words.due[1:] if words.due else "",
        action_label=task.action_label if task.start_url else "",
    )
