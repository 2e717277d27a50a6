"""Routes of the sign-in services, under allauth's names."""

from django.urls import URLPattern, path

from accounts.oidc import views

urlpatterns: list[URLPattern] = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        views.callback,
        name="openid_connect_callback",
    ),
]
