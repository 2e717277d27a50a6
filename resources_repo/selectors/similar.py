"""Resources like the one about to be submitted, so that nobody writes it twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from accounts.models import LocalArea, User
from resources_repo.models import ResourcePage, ResourceVersion
from resources_repo.selectors.library import visible_resources

if TYPE_CHECKING:
    from django.db.models import QuerySet

CANDIDATES = 40
SHOWN = 4
# Half of the words that carry meaning are in the other's title.
ALIKE = 0.5
_PLAIN = {
    "a", "an", "and", "at", "by", "for", "from", "guide", "how", "in", "into", "of", "on", "or",
    "our", "plan", "template", "the", "to", "toolkit", "use", "using", "with", "your",
}  # fmt: skip


def words_of(text: str) -> set[str]:
    """Return the words that carry meaning, in lower case and without a plural s."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {word.rstrip("s") for word in words if len(word) > 2 and word not in _PLAIN}


def similar_resources(
    title: str, *, user: User, local_area: LocalArea, sha256: str = ""
) -> list[ResourcePage]:
    """Return at most four resources with a like title, or with the very same file, best first."""
    visible = visible_resources(user, local_area)
    wanted = words_of(title)
    same_file: QuerySet[ResourcePage] = visible.filter(
        pk__in=ResourceVersion.objects.filter(sha256=sha256 or "-").values("page")
    )
    found = {page.pk: (2.0, page) for page in same_file[:SHOWN]}
    if wanted:
        plain = ResourcePage.objects.filter(pk__in=visible.order_by().values("pk"))
        for page in plain.search(" ".join(sorted(wanted)), operator="or")[:CANDIDATES]:
            overlap = wanted & words_of(page.title)
            score = len(overlap) / min(len(wanted), max(len(words_of(page.title)), 1))
            if score >= ALIKE and len(overlap) > 1:
                found.setdefault(page.pk, (score, page))
    best = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].title))
    return [page for _, page in best[:SHOWN]]
