"""Application configuration of cpd_tracking."""

from django.apps import AppConfig


class CpdTrackingConfig(AppConfig):
    """Learning records, requirements, obligations and certificates."""

    name = "cpd_tracking"
    verbose_name = "CPD tracking"
