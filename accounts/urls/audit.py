"""Routes of the audit log."""

from django.urls import URLPattern, path

from accounts.views import audit

urlpatterns: list[URLPattern] = [path("audit-log/", audit.audit_log, name="audit-log")]
