"""Routes of organisations, clusters and sharing decisions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
