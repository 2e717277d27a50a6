"""Routes of the provider: below the tenant, as Entra's; and its sign-in page."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path(f"{settings.TENANT}/v2.0/", include("allauth.idp.urls")),
    path("accounts/", include("allauth.account.urls")),
]
