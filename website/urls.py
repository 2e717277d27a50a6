"""Routes of website."""

from django.urls import URLPattern, path

from website.theme import area_theme

app_name = "website"
urlpatterns: list[URLPattern] = [
    path("theme/<slug:slug>-<str:digest>.css", area_theme, name="area-theme"),
]
