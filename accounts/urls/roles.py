"""Routes of role grants, delegations and proposals."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
