"""Whom to call about a child."""

from __future__ import annotations

import re

from accounts.models import LocalArea

_PHONE = re.compile(r"^[+0-9][0-9 ()]{5,}$")


def safeguarding_contacts(local_area: LocalArea | None) -> list[dict[str, str]]:
    """Return the area's contacts as {label, value, url}; one line of its text each.

    A line reads "Who: number or address"; a number or an address becomes a link.
    """
    if not local_area:
        return []
    contacts = []
    for line in local_area.safeguarding_contact.splitlines():
        label, found, value = line.partition(":")
        if not line.strip():
            continue
        label, value = (label.strip(), value.strip()) if found else ("Contact", line.strip())
        contact = {"label": label, "value": value}
        if _PHONE.match(value):
            contact["url"] = "tel:" + re.sub(r"[^0-9+]", "", value)
        elif "@" in value and " " not in value:
            contact["url"] = f"mailto:{value}"
        contacts.append(contact)
    return contacts
