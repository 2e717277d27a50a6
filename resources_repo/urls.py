"""Routes of resources_repo."""

from django.urls import URLPattern

app_name = "resources_repo"
urlpatterns: list[URLPattern] = []
