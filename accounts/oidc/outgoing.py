"""Requests that an address typed by an administrator makes this server send.

They go to public hosts over https and nowhere else: not to this machine, not to the network it
stands in, whatever a name resolves to at that moment, and not after a redirect either. Loopback is
let through where OIDC_LOOPBACK is set: in development and tests.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

TIMEOUT = (5, 10)
MOST_BYTES = 1024 * 1024
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class ForbiddenAddress(requests.RequestException):
    """The address is not one this server sends requests to."""


class AnswerTooLong(requests.RequestException):
    """The answer is longer than any configuration or key set is."""


def check_address(url: str) -> None:
    """Raise ForbiddenAddress unless it is https to a host that may be public."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("An address with a user name in it is not accepted.")
    if settings.OIDC_LOOPBACK and parts.netloc.split(":")[0].lower() in _LOOPBACK_NAMES:
        return
    if parts.scheme != "https":
        raise ForbiddenAddress("The address must begin with https://.")
    if not host or "." not in host or host.endswith((".localhost", ".local", ".internal")):
        raise ForbiddenAddress("The address must name a public host.")
    if _is_private(host):
        raise ForbiddenAddress("The address must name a public host.")


def _is_private(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global or address.is_multicast


def _check_peer(connection: Any, sock: Any) -> Any:
    """Look at whom the name led to before a byte is sent: it may resolve anew at each look-up."""
    peer = sock.getpeername()[0]
    if settings.OIDC_LOOPBACK and ipaddress.ip_address(peer).is_loopback:
        return sock
    if _is_private(peer):
        sock.close()
        raise ForbiddenAddress("The address leads to a host that is not public.")
    return sock


class _Http(HTTPConnection):
    def _new_conn(self) -> Any:
        return _check_peer(self, super()._new_conn())


class _Https(HTTPSConnection):
    def _new_conn(self) -> Any:
        return _check_peer(self, super()._new_conn())


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _GuardedAdapter(HTTPAdapter):
    """Opens direct connections through the check; a proxy's own rules hold where there is one."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class GuardedSession(requests.Session):
    """A session that sends only where it may, waits a little and reads a little."""

    def __init__(self) -> None:
        super().__init__()
        self.mount("https://", _GuardedAdapter())
        self.mount("http://", _GuardedAdapter())

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request; redirects come through here too."""
        check_address(str(request.url))
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
        kwargs["stream"] = True
        response = super().send(request, **kwargs)
        read = b""
        for piece in response.iter_content(64 * 1024):
            read += piece
            if len(read) > MOST_BYTES:
                response.close()
                raise AnswerTooLong("The answer is too long.")
        response._content = read
        return response
