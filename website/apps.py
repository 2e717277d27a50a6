"""Application configuration of website."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """The roof: home, search, navigation, standard pages and the demo."""

    name = "website"
    verbose_name = "Website"
