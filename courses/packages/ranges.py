"""Files in parts: films can be wound forward only if the server honours a byte range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)

CHUNK = 64 * 1024


def file_response(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """Return a file, or the one part of it that a Range header asks for (206), or 416."""
    size = path.stat().st_size
    wanted = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("Range", ""))
    if not wanted or not (wanted[1] or wanted[2]):
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=content_type)
        # It lies open in the page; offering it under a name is no business of this server.
        del response["Content-Disposition"]
        response["Accept-Ranges"] = "bytes"
        return response
    start, end = _bounds(wanted[1], wanted[2], size)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(
        _part(path, start, end - start + 1), status=206, content_type=content_type
    )
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last) if last else size - 1, size - 1)


def _part(path: Path, start: int, length: int) -> Iterator[bytes]:
    with open(path, "rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
