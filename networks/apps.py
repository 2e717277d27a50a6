"""Application configuration of networks."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    """Networks, membership, meetings and discussion."""

    name = "networks"
    verbose_name = "Networks"

    def ready(self) -> None:
        """Listen to accounts, and register the mails."""
        from networks import notices, organisation_data, personal_data, receivers, retention  # noqa: F401
