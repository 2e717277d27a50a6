"""Background tasks of accounts: thin edges around its services."""

from __future__ import annotations

from celery import shared_task

from accounts.audit import sealing
from accounts.services import leavers
from accounts.services.audit import verify_audit
from accounts.services.editor_rights import project_all_editor_rights
from core import clock


@shared_task
def seal_audit() -> int:
    """Chain the audit events that wait; beat calls this every minute."""
    return sealing.seal(at=clock.now()).events


@shared_task
def verify_audit_chain() -> int:
    """Walk the whole chain and log what does not fit; beat calls this every night."""
    return verify_audit(at=clock.now()).faults


@shared_task
def project_editor_rights() -> int:
    """Bring editors' rights in the CMS up to date with the day; beat calls every hour."""
    return project_all_editor_rights(on=clock.today())


@shared_task
def hand_over_sign_ins() -> int:
    """Let those who have left sign in with their own address only; beat calls this every hour."""
    return leavers.hand_over_sign_ins(at=clock.now())


@shared_task
def unlink_former_employers() -> int:
    """Take away linked accounts of employers somebody has left; beat calls this every hour."""
    return leavers.unlink_former_employers(at=clock.now())


@shared_task
def end_roles_of_leavers() -> int:
    """End roles held through posts that have run out; beat calls this every hour."""
    return leavers.end_roles_of_leavers(at=clock.now())


@shared_task
def promise_leaving_mails() -> int:
    """Promise the mail about one's record before the last day; beat calls this every day."""
    return leavers.promise_leaving_mails(at=clock.now())
