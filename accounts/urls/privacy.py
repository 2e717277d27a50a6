"""Routes of personal data: copies, requests, holds, retention."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
