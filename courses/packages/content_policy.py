"""The headers that keep a package in its place: its own origin, an opaque sandbox, no cookies, no
other hosts.
"""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)


def content_origin(request: HttpRequest) -> str:
    """Return the origin the request came to, such as http://<label>.content.localhost:8001."""
    return f"{request.scheme}://{request.get_host()}"


def guard_embed_page(response: Response, request: HttpRequest) -> Response:
    """Set the policy under which packages run.

    'self' means nothing in an opaque sandbox, so the origin is written out. 'unsafe-eval' and
    inline styles are what H5P's own libraries need; neither reaches beyond the sandbox.
    """
    here = content_origin(request)
    response["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'none'",
            f"script-src {here} 'unsafe-eval'",
            f"style-src {here} 'unsafe-inline'",
            f"img-src {here} data: blob:",
            f"media-src {here} data: blob:",
            f"font-src {here} data: blob:",
            f"connect-src {here}",
            f"base-uri {here}",
            "object-src 'none'",
            "form-action 'none'",
            "sandbox allow-scripts",
            f"frame-ancestors {' '.join(settings.CONTENT_APP_ORIGINS)}",
        ]
    )
    return _common(response)


# A SCORM unit looks for its run-time in its parent, so both need the label's own origin; that
# origin is nobody else's and has no cookies. Alerts and forms are what old units are made of.
SCORM_SANDBOX = "sandbox allow-scripts allow-same-origin allow-forms allow-modals"


def guard_scorm_page(response: Response, request: HttpRequest) -> Response:
    """Set the policy of our wrapper around SCORM units.

    It may call the application for one thing: the last words of a page that goes away.
    """
    applications = " ".join(settings.CONTENT_APP_ORIGINS)
    response["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "frame-src 'self'",
            f"connect-src {applications}",
            "base-uri 'none'",
            "form-action 'none'",
            SCORM_SANDBOX,
            f"frame-ancestors {applications}",
        ]
    )
    return _common(response)


def guard_scorm_file(response: Response) -> Response:
    """Set the policy under which a unit runs: with itself and nobody else."""
    response["Content-Security-Policy"] = "; ".join(
        [
            "default-src 'self' data: blob:",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            SCORM_SANDBOX,
            f"frame-ancestors 'self' {' '.join(settings.CONTENT_APP_ORIGINS)}",
        ]
    )
    return _common(response)


def guard_file(response: Response, request: HttpRequest) -> Response:
    """Set the policy for a single file: harmless even when somebody opens it by itself."""
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
        f"frame-ancestors {' '.join(settings.CONTENT_APP_ORIGINS)}"
    )
    return _common(response)


def allow_headers(response: Response) -> Response:
    """Answer a browser's announcement of a request with headers of its own."""
    response["Access-Control-Allow-Methods"] = "GET, HEAD"
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _common(response: Response) -> Response:
    response["X-Content-Type-Options"] = "nosniff"
    # The sandbox has no origin of its own, so every font and script it fetches is cross-origin.
    # Nothing here is secret.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Permissions-Policy"] = (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=()"
    )
    return response
