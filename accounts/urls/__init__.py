"""Routes of accounts beside allauth's own, one subject a file."""

from django.urls import URLPattern

from accounts.urls import (
    audit,
    invitations,
    merges,
    organisations,
    people,
    privacy,
    roles,
    sign_in,
    staff_imports,
)

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    *people.urlpatterns,
    *invitations.urlpatterns,
    *staff_imports.urlpatterns,
    *organisations.urlpatterns,
    *roles.urlpatterns,
    *merges.urlpatterns,
    *sign_in.urlpatterns,
    *privacy.urlpatterns,
    *audit.urlpatterns,
]
