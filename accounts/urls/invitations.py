"""Routes of invitations, claim cards and joining."""

from django.urls import URLPattern, path

from accounts.views import invitations, joining

urlpatterns: list[URLPattern] = [
    path("people/invitations/", invitations.overview, name="invitations"),
    path("people/invitations/<int:pk>/", invitations.of_setting, name="invitations-of"),
    path("people/invite/", invitations.invite, name="invite-people"),
    path("people/cards/", invitations.cards, name="make-cards"),
    path(
        "people/invitations/<int:pk>/withdraw/",
        invitations.withdraw,
        name="withdraw-invitation",
    ),
    path("join/", joining.by_card, name="join"),
    path("join/password/", joining.after_card, name="join-password"),
    path("join/welcome/", joining.joined, name="joined"),
    path("join/link/<str:token>/", joining.by_link, name="join-by-link"),
    path(
        "join/link/<str:token>/service/<slug:slug>/",
        joining.with_service,
        name="join-with-service",
    ),
]
