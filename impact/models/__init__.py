"""Geography, open data, schools' outcomes, and questions with their answers."""

from .evaluation import Analysis, EvaluationPlan
from .geography import Area, StatisticalNeighbour
from .outcome import SchoolOutcome
from .source import DataSetVersion, DataSource, Observation

__all__ = [
    "Analysis",
    "Area",
    "DataSetVersion",
    "DataSource",
    "EvaluationPlan",
    "Observation",
    "SchoolOutcome",
    "StatisticalNeighbour",
]
