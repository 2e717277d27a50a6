"""Application configuration of resources_repo."""

from django.apps import AppConfig


class ResourcesRepoConfig(AppConfig):
    """Resources, their versions, review and search."""

    name = "resources_repo"
    verbose_name = "Resources"
