"""Application configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations and access."""

    name = "accounts"
    verbose_name = "People and organisations"
