"""Application configuration of networks."""

from django.apps import AppConfig


class NetworksConfig(AppConfig):
    """Networks, membership, meetings and discussion."""

    name = "networks"
    verbose_name = "Networks"
