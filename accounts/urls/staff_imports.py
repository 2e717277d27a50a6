"""Routes of lists of staff."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
