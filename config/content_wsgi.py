"""WSGI entry point of the content server: another process, another origin, no cookies in or out."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get(
    "CONTENT_SETTINGS_MODULE", "config.settings.content"
)

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request after forgetting its cookies and credentials."""
    environ.pop("HTTP_COOKIE", None)
    environ.pop("HTTP_AUTHORIZATION", None)

    def start_without_cookies(status: str, headers: list[tuple[str, str]], *args: object) -> Any:
        plain = [(name, value) for name, value in headers if name.lower() != "set-cookie"]
        return start_response(status, plain, *args)

    return _django(environ, start_without_cookies)
