"""Routes of accounts beside allauth's own."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
