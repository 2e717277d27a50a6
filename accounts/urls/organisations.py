"""Routes of organisations, clusters and sharing decisions."""

from django.urls import URLPattern, path

from accounts.views import clusters, conversions, organisations, sharing

urlpatterns: list[URLPattern] = [
    path("organisations/", organisations.directory, name="organisations"),
    path("organisations/add/", organisations.add, name="organisation-add"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/change/", organisations.change, name="organisation-change"),
    path("organisations/<int:pk>/trust/", organisations.trust, name="organisation-trust"),
    path("organisations/<int:pk>/close/", organisations.close, name="organisation-close"),
    path("organisations/<int:pk>/convert/", conversions.convert, name="organisation-convert"),
    path(
        "organisations/<int:pk>/convert/undo/", conversions.undo, name="organisation-convert-undo"
    ),
    path("organisations/<int:pk>/sharing/add/", sharing.add, name="sharing-add"),
    path(
        "organisations/<int:pk>/sharing/<int:decision>/withdraw/",
        sharing.withdraw,
        name="sharing-withdraw",
    ),
    path("clusters/", clusters.cluster_list, name="clusters"),
    path("clusters/add/", clusters.add, name="cluster-add"),
    path("clusters/<int:pk>/", clusters.cluster, name="cluster"),
    path("clusters/<int:pk>/change/", clusters.change, name="cluster-change"),
    path("clusters/<int:pk>/settings/", clusters.join, name="cluster-join"),
    path("clusters/<int:pk>/end/", clusters.end, name="cluster-end"),
    path(
        "clusters/<int:pk>/settings/<int:membership>/end/",
        clusters.leave,
        name="cluster-leave",
    ),
]
