"""The impact room: outcomes and training side by side."""

from django.apps import AppConfig


class ImpactConfig(AppConfig):
    """Registers the handlers of promised work; the heavy libraries stay unloaded."""

    name = "impact"

    def ready(self) -> None:
        """Register the outbox handlers."""
        from impact import deliveries, organisation_data, personal_data  # noqa: F401
