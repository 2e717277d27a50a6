"""Virus scan by clamd's INSTREAM, failing closed: no answer means "pending", never "clean"."""

from __future__ import annotations

import socket
import struct
from enum import StrEnum
from typing import BinaryIO

CHUNK = 64 * 1024
TIMEOUT_SECONDS = 60


class ScanResult(StrEnum):
    """What is known about a file."""

    NOT_SCANNED = "not_scanned"
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"


def scan(file: BinaryIO, *, scanner: str, address: str) -> ScanResult:
    """Scan a file with the configured scanner ("none" or "clamd" at host:port or a socket path)."""
    if scanner == "none":
        return ScanResult.NOT_SCANNED
    try:
        reply = _ask(file, address)
    except (OSError, ValueError):
        return ScanResult.PENDING
    if reply == "stream: OK":
        return ScanResult.CLEAN
    return ScanResult.INFECTED if reply.endswith(" FOUND") else ScanResult.PENDING


def refusal(file: BinaryIO, *, scanner: str, address: str) -> str:
    """Return why a file that is handed out as it is must not be kept, or nothing.

    Failing closed: while the scanner does not answer, nothing is taken in.
    """
    result = scan(file, scanner=scanner, address=address)
    file.seek(0)
    if result is ScanResult.INFECTED:
        return "The file was recognised as malicious. It has not been kept."
    if result is ScanResult.PENDING:
        return "The virus scanner does not answer at the moment. Try again in a few minutes."
    return ""


def _ask(file: BinaryIO, address: str) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        file.seek(0)
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        reply = b""
        while not reply.endswith(b"\0") and (part := connection.recv(4096)):
            reply += part
            if len(reply) > CHUNK:
                raise ValueError("clamd answers too much")
    return reply.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
