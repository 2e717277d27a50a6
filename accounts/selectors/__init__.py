"""Reads across the models of accounts, one noun a file."""

from accounts.selectors.lineage import (
    Relative,
    lineage_of,
    one_to_one_predecessors,
    one_to_one_successors,
    predecessors_of,
)

__all__ = [
    "Relative",
    "lineage_of",
    "one_to_one_predecessors",
    "one_to_one_successors",
    "predecessors_of",
]
