"""Routes of sign-in services, suspension and the second step."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
