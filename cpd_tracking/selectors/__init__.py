"""Reads of cpd_tracking across models."""

from cpd_tracking.selectors.coverage import Coverage, coverage, non_participants
from cpd_tracking.selectors.learner import MyLearning, NextAction, my_learning, next_action
from cpd_tracking.selectors.team import GridFilters, TeamGrid, team_grid

__all__ = [
    "Coverage",
    "GridFilters",
    "MyLearning",
    "NextAction",
    "TeamGrid",
    "coverage",
    "my_learning",
    "next_action",
    "non_participants",
    "team_grid",
]
