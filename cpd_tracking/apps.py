"""Application configuration of cpd_tracking."""

from django.apps import AppConfig


class CpdTrackingConfig(AppConfig):
    """Learning records, requirements, obligations and certificates."""

    name = "cpd_tracking"
    verbose_name = "CPD tracking"

    def ready(self) -> None:
        """Listen to the rooms below, promise mail, tell course screens why and who is away."""
        from accounts.absences import tell_absences
        from courses import hooks
        from cpd_tracking import deliveries, organisation_data, personal_data, receivers, retention
        from cpd_tracking.course_hooks import certificate_of, reasons_of
        from cpd_tracking.selectors.leave import away_from_post

        assert receivers
        assert retention
        assert organisation_data
        assert personal_data
        assert deliveries
        tell_absences(away_from_post)
        hooks.register_reasons(reasons_of)
        hooks.register_certificates(certificate_of)
