"""Who may call a view: each view declares its policy, and a view without one is refused.

A policy answers for the *route*; which objects a person sees is answered by `visible_to` on the
model's queryset, and what they may do with one by a predicate in the app's permissions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

Check = Callable[[HttpRequest], bool]
View = TypeVar("View", bound=Callable[..., Any] | type)


@dataclass(frozen=True)
class Policy:
    """A named rule for a route.

    `check` receives the request (user, local_area and today are set) and says yes or no.
    `hidden` chooses what a signed-in person who fails sees: 404 (the room does not exist for
    them) or 403.
    """

    name: str
    check: Check
    hidden: bool = False

    def __call__(self, view: View) -> View:
        """Declare this policy on a view function or view class."""
        view.policy = self  # type: ignore[attr-defined, union-attr]
        return view


def _signed_in(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated and request.user.is_active)


public = Policy("public", lambda request: True)
signed_in = Policy("signed_in", _signed_in)
# Pages decide in serve() (core.pages.GuardedPage).
page = Policy("page", lambda request: True)

# Routes a library brings that must not answer, such as Wagtail's own front-end login without MFA.
closed = Policy("closed", lambda request: False, hidden=True)

_NAMED = {policy.name: policy for policy in (public, signed_in, page, closed)}


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """Return the policy a resolved view declares, or the one given to its library, or None."""
    for candidate in (
        view,
        getattr(view, "view_class", None),
        getattr(view, "cls", None),
        getattr(view, "__wrapped__", None),
    ):
        declared = getattr(candidate, "policy", None)
        if isinstance(declared, Policy):
            return declared
    module = _module_of(view)
    matches = [
        prefix
        for prefix in settings.POLICIES_OF_OTHERS
        if module == prefix or module.startswith(prefix + ".")
    ]
    if not matches:
        return None
    return _named(settings.POLICIES_OF_OTHERS[max(matches, key=len)])


@cache
def _named(name: str) -> Policy:
    """Return one of ours by its name, or that of a room by its dotted path."""
    policy = import_string(name) if "." in name else _NAMED[name]
    assert isinstance(policy, Policy)
    return policy


def _module_of(view: Callable[..., Any]) -> str:
    view_class = getattr(view, "view_class", None)
    return str(getattr(view_class or view, "__module__", ""))
