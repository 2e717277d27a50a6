"""Application configuration of resources_repo."""

from django.apps import AppConfig


class ResourcesRepoConfig(AppConfig):
    """Resources, their versions, review and search."""

    name = "resources_repo"
    verbose_name = "Resources"

    def ready(self) -> None:
        """Listen to Wagtail's publishing, and offer the library slot on networks' homes."""
        from networks import home_slots
        from resources_repo import organisation_data, personal_data, receivers, retention  # noqa: F401
        from resources_repo.selectors.library import library_slot

        home_slots.provide("library", library_slot)
