"""Routes of people and their posts, and one's own profile."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
