"""What the accounts, the services that sign people in, the log and the outbox say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import Exists, OuterRef, Q

from accounts import second_step
from accounts.audit import sealing
from accounts.enums import Role
from accounts.models import LocalArea, RoleGrant, SignInService, User
from accounts.oidc.secrets import secret_of, variable_of
from accounts.overview.findings import Finding, judged
from accounts.permissions import administrators
from core import clock
from core.models import Outbox
from core.outbox import GIVE_UP_AFTER

# What installers, demonstrations and people in a hurry choose.
_GUESSES = ("waymark", "password", "admin", "changeme", "demo", "merrowdale", "letmein", "welcome1")
_MOST_TRIED = 25
_TAIL_WAITS = dt.timedelta(minutes=5)
_TAIL_IS_STUCK = dt.timedelta(hours=1)
_OUTBOX_WAITS = dt.timedelta(minutes=15)


def accounts_held(at: dt.datetime) -> Iterator[Finding]:
    """Yield what the database says; people are counted and never named."""
    on = clock.london_date(at)
    yield _without_second_step(on)
    yield _areas(on)
    yield _break_glass()
    yield _default_passwords(on)
    yield _demo_accounts()
    yield _services()
    yield _audit_tail(at)
    yield _outbox(at)


def _without_second_step(on: dt.date) -> Finding:
    own = Authenticator.objects.filter(user=OuterRef("person"), type__in=second_step.TYPES)
    grants = (
        RoleGrant.objects.in_force(on)
        .filter(~Exists(own), person__is_active=True)
        .select_related("local_area")
        .order_by()
    )
    lacking: dict[str, set[int]] = {}
    for grant in grants:
        if grant.role in grant.local_area.second_step_roles:
            lacking.setdefault(grant.role, set()).add(grant.person_id)
    said = ", ".join(f"{Role(role).label}: {len(who)}" for role, who in sorted(lacking.items()))
    open_door = bool(said) and not settings.SECOND_STEP_ENFORCED
    return judged(
        "without_second_step",
        "Without a second step, though their role asks for it",
        red=said if open_door else "",
        amber=f"{said}. They are led to set one up at their next sign-in." if said else "",
        fine="nobody",
    )


def _areas(on: dt.date) -> Finding:
    red: list[str] = []
    amber: list[str] = []
    for area in LocalArea.objects.all():
        if Role.SYSTEM_ADMIN not in area.second_step_roles:
            red.append(f"{area} asks its system administrators for no second step")
        count = administrators(area, on).values("person").distinct().count()
        if count < 2:
            amber.append(f"{area} has {count} system administrators")
    return judged(
        "areas",
        "Administrators of areas",
        red="; ".join(red),
        amber="; ".join(amber),
        fine="two or more in each",
    )


def _break_glass() -> Finding:
    active = User.objects.filter(is_superuser=True, is_active=True)
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_step.TYPES)
    bare = active.exclude(Exists(own)).count()
    used = active.filter(last_login__isnull=False).count()
    count = active.count()
    return judged(
        "break_glass",
        "Break-glass accounts",
        amber=f"{count} active, {bare} without a second step, {used} used before." if count else "",
        fine="none active",
    )


def _default_passwords(on: dt.date) -> Finding:
    powerful = User.objects.filter(is_active=True).filter(
        Q(is_superuser=True)
        | Q(
            pk__in=RoleGrant.objects.in_force(on)
            .filter(role=Role.SYSTEM_ADMIN)
            .order_by()
            .values("person")
        )
    )
    found = 0
    others: Counter[str] = Counter()
    for person in powerful.order_by("-is_superuser", "pk")[:_MOST_TRIED]:
        if not person.has_usable_password():
            continue
        others[person.password.split("$")[0]] += 1
        own = (person.email or "").split("@")[0], person.given_name.lower()
        # Straight to the hash: a guess here must not renew it.
        if any(check_password(guess, person.password) for guess in (*_GUESSES, *own) if guess):
            found += 1
    return judged(
        "default_passwords",
        "Passwords everybody knows",
        red=f"{found} administrators have one: suspend them, and speak to them." if found else "",
        fine=f"none among {sum(others.values())} administrators",
    )


def _demo_accounts() -> Finding:
    reserved = Q(email__iendswith=".example") | Q(email__iendswith="@example.com")
    count = User.objects.filter(reserved, is_active=True).exclude(password="").count()
    return judged(
        "demo_accounts",
        "Accounts of the demonstration",
        red=f"{count} active accounts have addresses that belong to nobody." if count else "",
        fine="none",
    )


def _services() -> Finding:
    services = list(SignInService.objects.filter(is_active=True))
    bare = [variable_of(each.slug) for each in services if not secret_of(each)]
    open_lines = [each.slug for each in services if not each.server_url.startswith("https://")]
    vouching = sum(each.vouches_for_second_step for each in services)
    return judged(
        "sign_in_services",
        "Sign-in services",
        red=f"Not https: {', '.join(open_lines)}" if open_lines else "",
        amber=f"Set {', '.join(bare)}, or switch the services off." if bare else "",
        fine=f"{len(services)} in use, {vouching} of them trusted for a second step",
    )


def _audit_tail(at: dt.datetime) -> Finding:
    waiting = sealing.unsealed()
    oldest = waiting.order_by("at").values_list("at", flat=True).first()
    if oldest is None:
        return judged("audit_tail", "Audit log", fine="every event is sealed")
    said = f"{waiting.count()} events wait to be sealed, the oldest since {oldest:%Y-%m-%d %H:%M}."
    age = at - oldest
    return judged(
        "audit_tail",
        "Audit log",
        red=f"{said} Is beat running?" if age > _TAIL_IS_STUCK else "",
        amber=said if age > _TAIL_WAITS else "",
        fine=said,
    )


def _outbox(at: dt.datetime) -> Finding:
    waiting = Outbox.objects.filter(done_at__isnull=True)
    lost = waiting.filter(attempts__gte=GIVE_UP_AFTER).count()
    late = waiting.filter(available_at__lt=at - _OUTBOX_WAITS, attempts__lt=GIVE_UP_AFTER).count()
    return judged(
        "outbox",
        "Outbox",
        red=f"{lost} pieces of work were given up: see last_error." if lost else "",
        amber=f"{late} pieces of work are late. Is a worker running?" if late else "",
        fine="nothing is late",
    )
