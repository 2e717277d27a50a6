"""Whom a rule binds: audience as data, and the stretches of time in which it holds.

Audience keys, all optional and joined by "and": `job_roles`, `organisation_kinds`, `phases`,
`wards` (lists of codes), `organisations` (ids; teams below are included),
`handles_personal_data`, `is_employment` (booleans).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cpd_tracking.engine.dates import ONE_DAY, add_months
from cpd_tracking.engine.facts import PostFact, Rule, RuleVersion, Scope

_LISTS = {
    "job_roles": "job_role",
    "organisation_kinds": "organisation_kind",
    "phases": "phase",
    "wards": "ward",
}
_FLAGS = ("handles_personal_data", "is_employment")
KEYS = frozenset({*_LISTS, *_FLAGS, "organisations"})


def binds(audience: dict[str, Any], post: PostFact) -> bool:
    """Whether the audience contains the post, whatever its dates."""
    for key, attribute in _LISTS.items():
        if key in audience and getattr(post, attribute) not in audience[key]:
            return False
    if "organisations" in audience and post.lineage.isdisjoint(audience["organisations"]):
        return False
    return all(audience[key] == getattr(post, key) for key in _FLAGS if key in audience)


def scopes_of_posts(rule: Rule, posts: Sequence[PostFact]) -> list[Scope]:
    """Return one stretch for each post of one person that the rule binds."""
    scopes = []
    for post in posts:
        stretch = _stretch(rule, post)
        if stretch is None:
            continue
        starts_on, ends_on = stretch
        version = rule.version_on(starts_on)
        scopes.append(
            Scope(
                person_id=post.person_id,
                post_id=post.post_id,
                starts_on=starts_on,
                ends_on=ends_on,
                trigger_on=_trigger(rule, version, post, posts, starts_on),
                term_time_only=post.term_time_only,
                exempt_because=_exempt_because(version, post, posts),
            )
        )
    return scopes


def scopes_of_person(rule: Rule, posts: Sequence[PostFact]) -> list[Scope]:
    """Return the stretches in which the rule binds one person through any of their posts.

    Posts that overlap or follow each other without a day between are one stretch: changing jobs
    on a Monday does not start the clock again.
    """
    bound = [(post, stretch) for post in posts if (stretch := _stretch(rule, post))]
    bound.sort(key=lambda pair: (pair[1][0], pair[0].post_id))
    merged: list[tuple[dt.date, dt.date | None, list[PostFact]]] = []
    for post, (starts_on, ends_on) in bound:
        if merged and (merged[-1][1] is None or starts_on <= merged[-1][1] + ONE_DAY):
            first, last, of = merged[-1]
            longer = None if last is None or ends_on is None else max(last, ends_on)
            merged[-1] = (first, longer, [*of, post])
        else:
            merged.append((starts_on, ends_on, [post]))
    return [
        Scope(
            person_id=of[0].person_id,
            post_id=None,
            starts_on=starts_on,
            ends_on=ends_on,
            trigger_on=_trigger(rule, rule.version_on(starts_on), of[0], posts, starts_on),
            term_time_only=all(post.term_time_only for post in of),
        )
        for starts_on, ends_on, of in merged
    ]


def _stretch(rule: Rule, post: PostFact) -> tuple[dt.date, dt.date | None] | None:
    """Days on which the rule binds the post: the post's own, from the rule's first version on."""
    if post.local_area_id != rule.local_area_id:
        return None
    starts_on = max(post.starts_on, rule.versions[0].valid_from)
    if not binds(rule.version_on(starts_on).audience, post):
        return None
    if post.ends_on is not None and post.ends_on < starts_on:
        return None
    if rule.ends_on is not None and rule.ends_on < starts_on:
        return None
    return starts_on, post.ends_on


def _trigger(
    rule: Rule,
    version: RuleVersion,
    post: PostFact,
    posts: Sequence[PostFact],
    starts_on: dt.date,
) -> dt.date:
    """Return the day the first period is counted from."""
    if version.trigger == "fixed_date" and version.trigger_on is not None:
        return max(version.trigger_on, starts_on)
    if version.trigger == "first_post_in_role":
        same = [other.starts_on for other in posts if binds(version.audience, other)]
        # A statutory clock runs from the appointment, even if the rule was entered later.
        return min([*same, post.starts_on])
    return starts_on


def _exempt_because(version: RuleVersion, post: PostFact, posts: Sequence[PostFact]) -> str:
    """Return "earlier_service" if service known to Waymark before this post is long enough.

    Service elsewhere is not known here: it is declared, verified and entered as an exemption.
    Two posts on the same days count once.
    """
    months = version.exempt_if.get("earlier_service_months")
    if months is None:
        return ""
    days: set[int] = set()
    for other in posts:
        if other.post_id == post.post_id or not binds(version.audience, other):
            continue
        last = min(other.ends_on or dt.date.max, post.starts_on - ONE_DAY)
        if other.starts_on <= last:
            days.update(range(other.starts_on.toordinal(), last.toordinal() + 1))
    if not days:
        return ""
    first = dt.date.fromordinal(min(days))
    needed = (add_months(first, months) - first).days
    return "earlier_service" if len(days) > needed else ""
