"""The content server over HTTP: what it serves, with which headers, and what it never does."""

from __future__ import annotations

import http.client
import time

import pytest

from courses.packages import serving
from courses.packages.inspection import inspect
from tests.factories.packages import h5p_file, h5p_files, zip_file


@pytest.fixture(scope="module")
def served(player_host):
    """Serve a package with a drawing and a long file, and return (host, library hash)."""
    files = h5p_files() | {
        "content/a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "content/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 8,
    }
    file = zip_file(files)
    player_host.put(file)
    return player_host, inspect(file).libraries[0].tree_sha256


def ask(host, path, *, label=None, method="GET", **headers):
    """Ask the content server and return (status, headers, body)."""
    connection = http.client.HTTPConnection("127.0.0.1", host.content_port, timeout=10)
    name = f"{label or host.label}.content.localhost:{host.content_port}"
    connection.request(method, path, headers={"Host": name} | headers)
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read()


def test_the_embed_page_confines_what_it_plays(served):
    host, sha = served
    status, headers, body = ask(host, "/embed/", Cookie="sessionid=stolen")
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))

    assert status == 200
    assert policy["sandbox"] == "allow-scripts"
    assert policy["script-src"] == f"{host.content_origin} 'unsafe-eval'"
    assert policy["connect-src"] == policy["base-uri"] == host.content_origin
    assert policy["default-src"] == policy["object-src"] == policy["form-action"] == "'none'"
    assert policy["frame-ancestors"] == host.origin
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert b"stolen" not in body
    assert f"/libs/{sha}/tiny.js".encode() in body


def test_package_files_are_sandboxed_readable_by_the_sandbox_and_cached_for_good(served):
    host, sha = served
    for path, kind in (
        ("/content/a.svg", "image/svg+xml"),
        ("/content/content.json", "application/json"),
        (f"/libs/{sha}/tiny.js", "text/javascript; charset=utf-8"),
    ):
        status, headers, _ = ask(host, path)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert "sandbox;" in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "/", "/admin/", "/cms/", "/accounts/login/", "/h5p.json", "/content/../h5p.json",
        "/content/%2e%2e/h5p.json", "/content/..%2f..%2fx", "/content//etc/passwd", "/content/",
        "/player/../../manage.py", "/player/%2e%2e/%2e%2e/manage.py", "/libs/aa/library.json",
        "/served/x.json", "/archives/x", "/embed", "/static/css/waymark.css",
    ],
)  # fmt: skip
def test_nothing_else_is_served(served, path):
    host, _ = served
    status, headers, body = ask(host, path)

    assert status == 404
    assert body == b"Not found\n"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_library_is_served_only_to_packages_that_use_it(served, player_host):
    _, sha = served
    other = h5p_file(script=b"var other = 1;")
    first = player_host.label
    player_host.put(other)

    assert ask(player_host, f"/libs/{sha}/tiny.js")[0] == 404
    assert ask(player_host, f"/libs/{sha}/tiny.js", label=first)[0] == 200
    player_host.label = first


def test_unknown_labels_foreign_hosts_and_writing_are_refused(served):
    host, _ = served
    assert ask(host, "/embed/", label="0" * 32)[0] == 404
    assert ask(host, "/embed/", Host="evil.example")[0] == 400
    assert ask(host, "/embed/", method="POST")[0] == 405
    assert ask(host, "/content/a.svg", method="DELETE")[0] == 405
    assert (
        ask(host, "/content/a.svg", method="OPTIONS")[1]["Access-Control-Allow-Methods"]
        == "GET, HEAD"
    )


def test_the_label_may_stand_in_the_path_where_names_do_not_resolve(served):
    host, _ = served
    status, headers, body = ask(
        host, f"/r/{host.label}/embed/", Host=f"127.0.0.1:{host.content_port}"
    )

    assert status == 200
    assert f"http://127.0.0.1:{host.content_port}/r/{host.label}/libs/".encode() in body
    assert f"script-src http://127.0.0.1:{host.content_port} " in headers["Content-Security-Policy"]


def test_films_can_be_wound_forward(served):
    host, _ = served
    whole = ask(host, "/content/film.mp4")[2]

    status, headers, part = ask(host, "/content/film.mp4", Range="bytes=100-199")
    assert (status, part) == (206, whole[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert ask(host, "/content/film.mp4", Range="bytes=-10")[2] == whole[-10:]
    assert ask(host, "/content/film.mp4", Range="bytes=2000-")[2] == whole[2000:]
    assert ask(host, "/content/film.mp4", Range="bytes=99999-")[0] == 416


def test_a_withdrawn_or_expired_label_is_gone_at_once(served):
    host, _ = served
    pointer = serving.read_pointer(host.store, host.label, now=0)
    label = "e" * 32
    for expires, status in ((time.time() + 60, 200), (time.time() - 60, 404)):
        copy = serving.Pointer(**{**pointer.__dict__, "label": label, "expires_at": expires})
        serving.write_pointer(host.store, copy)
        assert ask(host, "/embed/", label=label)[0] == status

    serving.write_pointer(host.store, serving.Pointer(**{**pointer.__dict__, "label": label}))
    assert ask(host, "/content/a.svg", label=label)[0] == 200
    serving.remove_pointer(host.store, label)
    assert ask(host, "/content/a.svg", label=label)[0] == 404
