"""Whose a mailbox is, as far as its address tells: an employer's, or somebody's own."""

from __future__ import annotations

from accounts.models import Organisation, Post, User

# Providers of mailboxes that belong to nobody's employer.
_PROVIDERS = """
aol.com btinternet.com email.com fastmail.com gmail.com gmx.co.uk gmx.com googlemail.com
hotmail.co.uk hotmail.com icloud.com live.co.uk live.com mac.com mail.com me.com msn.com
ntlworld.com outlook.com outlook.co.uk pm.me proton.me protonmail.com sky.com talktalk.net
tiscali.co.uk virginmedia.com yahoo.co.uk yahoo.com ymail.com zoho.com
"""
_OWN = frozenset(_PROVIDERS.split())
# Public bodies: a mailbox there ends with the post.
_EMPLOYERS = (".sch.uk", ".gov.uk", ".nhs.uk", ".ac.uk", ".police.uk", ".mod.uk", ".nhs.net")


def domain_of(address: str) -> str:
    """Return what follows the last @, in lower case."""
    return address.rpartition("@")[2].strip().lower()


def is_own_mailbox(address: str) -> bool:
    """Whether the address is at a provider of private mailboxes."""
    return domain_of(address) in _OWN


def is_employers(address: str, person: User) -> bool:
    """Whether the address is, by its domain, one of the person's employers'.

    That is: a public body's, that of the address they sign in with, or one that at least two
    people share who have worked where they have.
    """
    domain = domain_of(address)
    if domain in _OWN:
        return False
    if f".{domain}".endswith(_EMPLOYERS) or (person.email and domain_of(person.email) == domain):
        return True
    places = Organisation.objects.filter(posts__person=person).order_by().values("pk")
    colleagues = (
        Post.objects.filter(organisation__in=places, person__email__iendswith=f"@{domain}")
        .exclude(person=person)
        .order_by()
        .values("person")
        .distinct()
    )
    return len(colleagues[:2]) > 1
