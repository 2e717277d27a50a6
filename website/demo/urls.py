"""Routes of the demo."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
