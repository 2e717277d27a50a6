"""Application configuration of the ground floor."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Ground floor."""

    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Register the house checks and rights, neutralise formulae in Wagtail's own exports."""
        from core import checks, page_rights, retention, spreadsheets

        assert checks
        assert retention
        spreadsheets.neutralise_wagtail_exports()
        page_rights.set_up()
