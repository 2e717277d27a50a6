"""Measures: what each published figure is, in words. Definitions are in docs/measures/."""

from .published import MEASURES, Measure, measure_of

__all__ = ["MEASURES", "Measure", "measure_of"]
