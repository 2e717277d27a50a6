"""Routes of the audit log, of who looked at one's record, and of opening somebody else's."""

from django.urls import URLPattern, path

from accounts.views import accesses, audit, reasoned_access

urlpatterns: list[URLPattern] = [
    path("audit-log/", audit.audit_log, name="audit-log"),
    path("audit-log/export.csv", audit.audit_export, name="audit-export"),
    path("audit-log/setting/", audit.setting_log, name="audit-setting"),
    path("profile/accesses/", accesses.accesses, name="accesses"),
    path("records/open/", reasoned_access.open_a_record, name="open-record"),
]
