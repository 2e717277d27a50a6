"""Application configuration of cpd_tracking."""

from django.apps import AppConfig


class CpdTrackingConfig(AppConfig):
    """Learning records, requirements, obligations and certificates."""

    name = "cpd_tracking"
    verbose_name = "CPD tracking"

    def ready(self) -> None:
        """Listen to the rooms below, promise mail, and tell course screens why and what for."""
        from courses import hooks
        from cpd_tracking import deliveries, personal_data, receivers, retention
        from cpd_tracking.course_hooks import certificate_of, reasons_of

        assert receivers
        assert retention
        assert personal_data
        assert deliveries
        hooks.register_reasons(reasons_of)
        hooks.register_certificates(certificate_of)
