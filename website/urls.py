"""Routes of website."""

from django.urls import URLPattern, path

from website import views
from website.theme import area_theme

app_name = "website"
urlpatterns: list[URLPattern] = [
    path("search/", views.search_site, name="search"),
    path("administration/", views.administration, name="administration"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("theme/<slug:slug>/<slug:digest>.css", area_theme, name="area-theme"),
]
