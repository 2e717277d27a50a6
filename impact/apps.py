"""Application configuration of impact."""

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    """Open data, outcomes, evaluations and what may be said."""

    name = "impact"
    verbose_name = "Impact"
