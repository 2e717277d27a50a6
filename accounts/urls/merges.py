"""Routes of merging two accounts of one person."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
