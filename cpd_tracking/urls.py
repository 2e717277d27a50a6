"""Routes of cpd_tracking."""

from django.urls import URLPattern

app_name = "cpd_tracking"
urlpatterns: list[URLPattern] = []
