"""Routes of accounts beside allauth's own."""

from django.urls import URLPattern, path

from accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [path("audit-log/", views.audit_log, name="audit-log")]
