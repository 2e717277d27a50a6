"""Routes of role grants, delegations and proposals."""

from django.urls import URLPattern, path

from accounts.views import delegations, proposals, roles

urlpatterns: list[URLPattern] = [
    path("roles/", roles.role_list, name="roles"),
    path("roles/mine/", delegations.my_roles, name="my-roles"),
    path("roles/grant/", roles.choose_person, name="role-find"),
    path("roles/grant/<uuid:public_id>/", roles.grant, name="role-grant"),
    path("roles/<int:pk>/", roles.role, name="role"),
    path("roles/<int:pk>/end/", roles.end, name="role-end"),
    path("roles/<int:pk>/hand-on/", delegations.choose_colleague, name="role-colleague"),
    path("roles/<int:pk>/hand-on/<uuid:public_id>/", delegations.delegate, name="role-delegate"),
    path("roles/proposals/", proposals.proposal_list, name="proposals"),
    path("roles/proposals/new/", proposals.choose_candidate, name="proposal-find"),
    path("roles/proposals/new/<uuid:public_id>/", proposals.propose, name="proposal-new"),
    path("roles/proposals/<int:pk>/decide/", proposals.decide, name="proposal-decide"),
]
