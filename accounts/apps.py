"""Application configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations and access."""

    name = "accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        """Tell the pages who belongs where."""
        from accounts import personal_data
        from accounts.access import homes_of
        from core.pages import tell_homes

        assert personal_data
        tell_homes(homes_of)
