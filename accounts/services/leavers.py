"""What becomes of an account when its holder leaves: roles end, the sign-in becomes their own.

Everything here is called by daily tasks, and doing it twice changes nothing.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts import audit, sessions
from accounts.mailboxes import domain_of, is_own_mailbox
from accounts.models import Post, RoleGrant, SignInService, User
from accounts.services.addresses import is_taken
from accounts.services.linked_accounts import may_sign_in
from accounts.services.roles_of_posts import end_grants_without_post
from accounts.signals import sign_in_handed_over
from core import clock, outbox
from core.models import Outbox

# How long before the last day of the last post its holder is asked for an address of their own.
ASKED_BEFORE = dt.timedelta(days=14)
# How far back ended posts are looked at again: a task that was away some days misses nobody.
LOOK_BACK = dt.timedelta(days=31)


def without_post(on: dt.date) -> QuerySet[User]:
    """Return the people whose last post has ended, and who hold no role either."""
    posts = Post.objects.filter(person=OuterRef("pk"))
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return User.objects.filter(
        Exists(posts),
        ~Exists(posts.filter(standing)),
        ~Exists(RoleGrant.objects.filter(standing, person=OuterRef("pk"))),
        erased_at__isnull=True,
        merged_into__isnull=True,
        suspended_at__isnull=True,
    )


def left_lately(on: dt.date) -> QuerySet[User]:
    """Return the people who have left one employer lately, whether or not they work elsewhere."""
    over = Post.objects.filter(person=OuterRef("pk"), ends_on__lt=on, ends_on__gte=on - LOOK_BACK)
    return User.objects.filter(
        Exists(over),
        erased_at__isnull=True,
        merged_into__isnull=True,
        suspended_at__isnull=True,
    )


def has_moved_on(person: User, on: dt.date) -> bool:
    """Whether the address the person signs in with belongs to an employer they have left.

    They work elsewhere now, and nobody they work with there has an address of that domain.
    """
    if not person.email or is_own_mailbox(person.email):
        return False
    standing = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    places = set(person.posts.filter(standing).values_list("organisation", flat=True))
    left = person.posts.filter(ends_on__lt=on).exclude(organisation__in=places)
    if not places or not left.exists():
        return False
    colleagues = Post.objects.filter(
        standing,
        organisation__in=places,
        person__email__iendswith=f"@{domain_of(person.email)}",
    )
    return not colleagues.exclude(person=person).exists()


def hand_over_sign_ins(*, at: dt.datetime) -> int:
    """Let those who have left sign in with their own address only; return how many were changed."""
    today = clock.london_date(at)
    with_own = Q(personal_email__isnull=False) & (
        Q(email__isnull=True) | ~Q(email__iexact=F("personal_email"))
    )
    waiting = without_post(today).filter(with_own) | left_lately(today).filter(with_own)
    return sum(
        hand_over_sign_in(person=person, at=at) for person in waiting.order_by("pk").iterator()
    )


def unlink_former_employers(*, at: dt.datetime) -> int:
    """Take away linked accounts of directories that cover somebody no more; return how many.

    Otherwise a former employer could open the account again by adding any post.
    """
    today = clock.london_date(at)
    linked = SocialAccount.objects.filter(user__in=left_lately(today)).select_related("user")
    services = {
        service.slug: service for service in SignInService.objects.select_related("organisation")
    }
    taken = 0
    for account in linked.order_by("pk"):
        service = services.get(account.provider)
        if service is None or may_sign_in(account.user, service, on=today):
            continue
        with transaction.atomic():
            person = User.objects.select_for_update(no_key=True).get(pk=account.user_id)
            account.delete()
            sessions.end_all(person)
            audit.record(
                actor=None,
                verb="sign_in.service_unlinked",
                subject=person,
                local_area=service.local_area,
                data={"service": service.slug},
                at=at,
            )
        taken += 1
    return taken


@transaction.atomic
def hand_over_sign_in(*, person: User, at: dt.datetime) -> bool:
    """Put the person's own address in the place of their employer's; return whether it was done.

    The employer's mailbox and directory open the account no more, every session ends, and both
    addresses are told. Nothing happens where another account has the address by now.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    own, old = person.personal_email, person.email
    today = clock.london_date(at)
    gone = without_post(today).filter(pk=person.pk).exists() or has_moved_on(person, today)
    if not own or not gone or own == old or is_taken(own, person):
        return False
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=own, verified=True, primary=True)
    SocialAccount.objects.filter(user=person).delete()
    still = person.posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    person.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exclude(
        organisation__in=still.values("organisation")
    ).update(withdrawn_at=at)
    person.email = own
    person.save(update_fields=["email"])
    sessions.end_all(person)
    audit.record(actor=None, verb="sign_in.handed_over", obj=person, subject=person, at=at)
    sign_in_handed_over.send(sender=User, person_id=person.pk, at=at)
    key = f"handed-over:{person.public_id}:{at.isoformat()}"
    outbox.enqueue(
        kind="accounts.handed_over",
        key=key,
        payload={"person_id": person.pk, "old": old or "", "key": key},
    )
    return True


def leaving(on: dt.date) -> QuerySet[User]:
    """Return the people whose last post ends within ASKED_BEFORE, with `last_day`; no others."""
    posts = Post.objects.filter(person=OuterRef("pk"))
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=on + ASKED_BEFORE)
    return (
        User.objects.filter(
            Exists(posts.filter(ends_on__gte=on, ends_on__lte=on + ASKED_BEFORE)),
            ~Exists(posts.filter(later)),
            email__isnull=False,
            last_login__isnull=False,
            suspended_at__isnull=True,
            erased_at__isnull=True,
        )
        .annotate(last_day=Max("posts__ends_on"))
        .order_by("pk")
    )


def promise_leaving_mails(*, at: dt.datetime) -> int:
    """Promise each of those who are leaving one mail about their record; return how many are new.

    The promise is made once for a person and a last day.
    """
    promised = 0
    for person in leaving(clock.london_date(at)).iterator():
        last_day = str(person.last_day)  # type: ignore[attr-defined]
        key = f"leaving:{person.public_id}:{last_day}"
        if Outbox.objects.filter(key=key).exists():
            continue
        outbox.enqueue(
            kind="accounts.leaving",
            key=key,
            payload={"person_id": person.pk, "last_day": last_day},
        )
        promised += 1
    return promised


def end_roles_of_leavers(*, at: dt.datetime) -> int:
    """End the roles of people whose fixed posts have run out since; return how many ended.

    A post that is ended by hand takes its roles along at once; one that had its last day from
    the beginning does so here.
    """
    today = clock.london_date(at)
    held = RoleGrant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        person=OuterRef("person"),
        organisation__isnull=False,
        starts_on__lte=OuterRef("ends_on"),
    )
    ended = 0
    over = Post.objects.filter(
        Exists(held), ends_on__lt=today, ends_on__gte=today - LOOK_BACK
    ).select_related("person", "organisation")
    for post in over.order_by("pk"):
        with transaction.atomic():
            ended += len(
                end_grants_without_post(person=post.person, organisation=post.organisation, at=at)
            )
    return ended
