"""The map of the house: each room has its own routes; Wagtail's pages answer for the rest."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.http import require_POST
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.account import LogoutView
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.profile import in_place_of_theirs
from accounts.views.sign_in import linked_services, remove_passkey

urlpatterns: list[URLPattern | URLResolver] = [
    # allauth's would take away the last second step of somebody who must have one.
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", remove_passkey),
    path("accounts/3rdparty/", linked_services),
    # Ours in the place of allauth's, where people could add any address to sign in with.
    path("accounts/email/", in_place_of_theirs),
    path("accounts/", include("allauth.urls")),
    # Wagtail's view takes the session's cookie away even from a GET that it refuses.
    path("cms/logout/", require_POST(LogoutView.as_view())),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("accounts.urls")),
    path("", include("networks.urls")),
    path("", include("resources_repo.urls")),
    path("", include("courses.urls")),
    path("", include("cpd_tracking.urls")),
    path("impact/", include("impact.urls")),
    path("", include("website.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("", include("website.demo.urls")))

if settings.COMPONENT_GALLERY:
    from website.gallery import urlpatterns as gallery_urls

    urlpatterns.append(path("_components/", include((gallery_urls, "gallery"))))

if settings.DEBUG or settings.DEMO:
    # Renditions of the image library are public; elsewhere the web server hands them out.
    # Documents never come this way: a view serves them that asks who wants them.
    from django.views.static import serve

    urlpatterns.append(
        re_path(
            r"^media/images/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT / "images"}
        )
    )

urlpatterns.append(path("", include(wagtail_urls)))

handler400 = "website.errors.bad_request"
handler403 = "website.errors.permission_denied"
handler404 = "website.errors.page_not_found"
handler500 = "website.errors.server_error"
