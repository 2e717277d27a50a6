"""Routes of invitations, claim cards and joining."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
