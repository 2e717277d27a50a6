"""Application configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations and access."""

    name = "accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        """Declare what the room holds about people."""
        from accounts import personal_data

        assert personal_data
