"""Run the provider on loopback; it ends when whoever started it closes its input, or goes.

Each line of input is a JSON object: {"say": {purpose: claims}} or {"redirect_uris": [...]}. Each is
answered with a line.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.oidc_provider.settings"
LONGEST = 30 * 60


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the output is for answers."""


def _answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    """Prepare the database, listen, and obey."""
    import django

    django.setup()
    from allauth.idp.oidc.models import Client
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from tests.oidc_provider import adapter

    call_command("migrate", verbosity=0)
    for name in ("wren", "rowan"):
        User.objects.create_user(name, password="a passphrase at work")
    client = Client(
        id="waymark", name="Waymark", scopes="openid\nprofile\nemail", skip_consent=True
    )
    client.set_secret("a secret of the client")
    client.save()
    server = make_server(
        "127.0.0.1",
        settings.PORT,
        get_wsgi_application(),
        server_class=_Server,
        handler_class=_Quiet,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    end = threading.Timer(LONGEST, os._exit, [0])
    end.daemon = True
    end.start()
    _answer("ready")
    for line in sys.stdin:
        order = json.loads(line)
        if "say" in order:
            adapter.SAID.clear()
            adapter.SAID.update(order["say"])
        if "redirect_uris" in order:
            client.set_redirect_uris(order["redirect_uris"])
            client.save()
        _answer("done")


if __name__ == "__main__":
    main()
