"""Routes of the content server. It serves packages and nothing else; see
courses/packages/content_views.py.
"""

from django.urls import URLPattern, path

from courses.packages import content_views


def _routes(prefix: str) -> list[URLPattern]:
    return [
        path(f"{prefix}embed/", content_views.embed),
        path(f"{prefix}content/<path:path>", content_views.content_file),
        path(f"{prefix}unit/<path:path>", content_views.unit_file),
        path(f"{prefix}libs/<slug:sha>/<path:path>", content_views.library_file),
        path(f"{prefix}player/<path:path>", content_views.player_file),
    ]


# The second form is for browsers that do not resolve <label>.content.localhost.
urlpatterns = [*_routes(""), *_routes("r/<slug:label>/")]

handler404 = content_views.not_found
handler500 = content_views.server_error
