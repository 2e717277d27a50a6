"""The content origin: package files, the player's own files and the page that plays them. Nothing
else, no cookies.
"""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from courses.packages import serving
from courses.packages.content_policy import (
    allow_headers,
    content_origin,
    guard_embed_page,
    guard_file,
    guard_scorm_file,
    guard_scorm_page,
)
from courses.packages.ranges import file_response
from courses.packages.store import package_store

View = Callable[..., HttpResponseBase]
FOREVER = "public, max-age=31536000, immutable"
MIME_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".eot": "application/vnd.ms-fontobject",
    ".vtt": "text/vtt; charset=utf-8",
    ".webvtt": "text/vtt; charset=utf-8",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".gltf": "model/gltf+json",
    ".glb": "model/gltf-binary",
    ".pdf": "application/pdf",
}


def for_label(view: View) -> View:
    """Find the label in the host name (or in the path, where names do not resolve)."""

    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def find(request: HttpRequest, *, label: str = "", **kwargs: str) -> HttpResponseBase:
        if request.method == "OPTIONS":
            # Some libraries ask by XMLHttpRequest with a header of their own, which browsers
            # announce first.
            return guard_file(allow_headers(HttpResponse(status=204)), request)
        host = request.get_host().lower()
        in_name = host.removesuffix(f".{settings.CONTENT_HOST.lower()}")
        if in_name != host:
            label = in_name
        pointer = serving.read_pointer(package_store(), label, now=time.time())
        if pointer is None:
            raise Http404
        return view(request, pointer, **kwargs)

    return find


@for_label
def embed(request: HttpRequest, pointer: serving.Pointer) -> HttpResponse:
    """Show the page that plays a label's content."""
    if pointer.is_scorm:
        return _scorm(request, pointer)
    base = f"{content_origin(request)}{request.path.removesuffix('embed/')}"
    try:
        params = serving.params_of(package_store(), pointer)
    except OSError as error:
        raise Http404 from error
    files = [(f"{base}libs/{library.tree_sha256}/", library) for library in pointer.libraries]
    context = {
        "title": pointer.title,
        "language": pointer.language if pointer.language != "und" else "en",
        "base": base,
        "integration": serving.integration(pointer, base, params),
        "host": {"applications": list(settings.CONTENT_APP_ORIGINS)},
        "styles": [root + path for root, library in files for path in library.styles],
        "scripts": [root + path for root, library in files for path in library.scripts],
    }
    response = render(request, "content/embed.html", context)
    response["Cache-Control"] = "no-cache"
    return guard_embed_page(response, request)


def _scorm(request: HttpRequest, pointer: serving.Pointer) -> HttpResponse:
    """Show our wrapper around the units of a SCORM package.

    Only on a host of the label's own: where labels share one, a unit could reach another's.
    """
    if not request.get_host().lower().startswith(f"{pointer.label}."):
        raise Http404
    base = f"{content_origin(request)}/"
    context = {
        "title": pointer.title,
        "language": pointer.language if pointer.language != "und" else "en",
        "base": base,
        "runtime": f"{base}player/scorm/{pointer.kind}.min.js",
        "config": {
            "kind": pointer.kind,
            "applications": list(settings.CONTENT_APP_ORIGINS),
            "units": serving.scorm_units(pointer, base),
        },
    }
    response = render(request, "content/scorm.html", context)
    response["Cache-Control"] = "no-cache"
    return guard_scorm_page(response, request)


@for_label
def unit_file(request: HttpRequest, pointer: serving.Pointer, path: str) -> HttpResponseBase:
    """Send a file of a SCORM package; its pages run, so it is only sent on its own host."""
    if not pointer.is_scorm or not request.get_host().lower().startswith(f"{pointer.label}."):
        raise Http404
    folder = package_store().package(pointer.package_sha256) / "unit"
    return guard_scorm_file(_send(request, folder, path))


@for_label
def content_file(request: HttpRequest, pointer: serving.Pointer, path: str) -> HttpResponseBase:
    """Send a file of a label's package."""
    return _send(request, package_store().package(pointer.package_sha256) / "content", path)


@for_label
def library_file(
    request: HttpRequest, pointer: serving.Pointer, sha: str, path: str
) -> HttpResponseBase:
    """Send a file of a library, if the label's package uses that library."""
    if sha not in pointer.library_shas:
        raise Http404
    return _send(request, package_store().library(sha), path)


@for_label
def player_file(request: HttpRequest, pointer: serving.Pointer, path: str) -> HttpResponseBase:
    """Send a file of the player itself: H5P's core, and the script that connects it to the page."""
    for folder in settings.PLAYER_DIRS:
        if (Path(folder) / path).is_file():
            return _send(request, Path(folder), path, cache="public, max-age=3600")
    raise Http404


def _send(request: HttpRequest, folder: Path, path: str, cache: str = FOREVER) -> HttpResponseBase:
    target = (folder / path).resolve()
    if not target.is_relative_to(folder.resolve()) or not target.is_file():
        raise Http404
    suffix = target.suffix.lower()
    kind = MIME_TYPES.get(suffix) or mimetypes.guess_type(target.name)[0]
    response = file_response(request, target, kind or "application/octet-stream")
    response["Cache-Control"] = cache
    return guard_file(response, request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer in plain text: there is no site here."""
    return guard_file(HttpResponse("Not found\n", content_type="text/plain", status=404), request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer in plain text, with the same headers as everything else here."""
    return guard_file(HttpResponse("Error\n", content_type="text/plain", status=500), request)
