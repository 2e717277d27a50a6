"""Application configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations and access."""

    name = "accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        """Tell the pages who belongs where, and listen to sign-in."""
        from accounts import (
            address_mail,
            deliveries,
            organisation_data,
            personal_data,
            privacy,
            sessions,
            sign_in_mail,
        )
        from accounts.access import homes_of
        from accounts.oidc import receivers
        from core.pages import tell_homes

        assert organisation_data
        assert personal_data
        assert address_mail
        assert deliveries
        assert sign_in_mail
        assert receivers
        sessions.listen()
        privacy.begin()
        tell_homes(homes_of)
