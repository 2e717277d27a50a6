"""Routes of packages inside the CMS (mounted by wagtail_hooks below /cms/packages/)."""

from django.urls import path

from courses.views import packages_cms

app_name = "courses_packages"
urlpatterns = [
    path("", packages_cms.package_list, name="list"),
    path("upload/", packages_cms.upload_package, name="upload"),
    path("<uuid:package_id>/upload/", packages_cms.upload_package, name="upload_revision"),
    path("revisions/<uuid:public_id>/", packages_cms.revision_page, name="revision"),
    path("revisions/<uuid:public_id>/preview/", packages_cms.preview, name="preview"),
    path(
        "revisions/<uuid:public_id>/preview/statements/",
        packages_cms.preview_statements,
        name="statements",
    ),
    path("revisions/<uuid:public_id>/approve/", packages_cms.approve, name="approve"),
    path("revisions/<uuid:public_id>/withdraw/", packages_cms.withdraw, name="withdraw"),
]
