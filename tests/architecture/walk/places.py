"""What a place holds: a person with posts, records, leave, an invitation, a role, a session."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile

from accounts.enums import InvitationKind, JobRole, OrganisationKind, Role
from accounts.models import (
    Invitation,
    LegalHold,
    Organisation,
    Post,
    PrivacyRequest,
    RoleProposal,
    SharingDecision,
    User,
)
from core import clock
from cpd_tracking.models import AttestedSession, Certificate, Pause, Topic
from cpd_tracking.services.records import record_learning
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.cpd_tracking import learned
from tests.factories.staffing import as_csv, draft
from tests.factories.staffing import person as joiner

DAY = dt.timedelta(days=1)


def fill_place(
    name: str, organisation: Organisation, *, mark: str, subject: User | None
) -> SimpleNamespace:
    """Put one of everything that is about people into the place; return it by name."""
    on, at = clock.today(), clock.now()
    area = organisation.local_area
    subject = subject or UserFactory(family_name=mark)
    post = Post.objects.filter(person=subject, organisation=organisation).first() or PostFactory(
        person=subject,
        organisation=organisation,
        job_role=JobRole.TEACHER,
        starts_on=on - 200 * DAY,
    )
    # Has no sign-in yet, and an open invitation; and somebody who left.
    newcomer = PostFactory(
        person=UserFactory(family_name=mark, is_active=False), organisation=organisation
    ).person
    ended = PostFactory(
        person=UserFactory(family_name=mark),
        organisation=organisation,
        starts_on=on - 200 * DAY,
        ends_on=on - 3 * DAY,
    )
    candidate = PostFactory(person=UserFactory(family_name=mark), organisation=organisation).person
    keeper = PostFactory(
        person=UserFactory(family_name=mark), organisation=organisation, job_role=JobRole.SENCO
    ).person
    # Leads the room's network; everybody may know of whoever leads one.
    host = PostFactory(organisation=organisation, job_role=JobRole.SENCO).person
    role = Role.TEAM_MANAGER if organisation.urn is None and name != "unit" else Role.SETTING_LEAD
    topic = Topic.objects.filter(local_area=area).first()
    assert topic is not None
    record = record_learning(learned=learned(subject, topic, on - 2 * DAY), at=at)
    session = AttestedSession(
        organisation=organisation,
        title=f"Briefing {mark}",
        held_on=on - DAY,
        hours=Decimal(1),
        attested_by=keeper,
        recorded_at=at,
    )
    session.sheet.save("sheet.pdf", ContentFile(b"%PDF-1.4 " + mark.encode()), save=False)
    session.save()
    return SimpleNamespace(
        name=name,
        mark=mark,
        organisation=organisation,
        subject=subject,
        post=post,
        newcomer=newcomer,
        ended=ended,
        keeper=keeper,
        host=host,
        grant=RoleGrantFactory(
            person=keeper, role=role, local_area=area, organisation=organisation
        ),
        record=record,
        certificate=Certificate.objects.filter(record=record).first()
        or Certificate.objects.create(person=subject, record=record, issued_at=at),
        session=session,
        pause=Pause.objects.create(
            person=subject,
            post=post,
            starts_on=on - 5 * DAY,
            ends_on=on + 5 * DAY,
            recorded_at=at,
        ),
        invitation=Invitation.objects.create(
            person=newcomer,
            organisation=organisation,
            kind=InvitationKind.MAIL,
            address=f"{mark.lower()}@merrowdale.example",
            secret_digest=uuid.uuid4().hex,
            made_at=at,
            expires_at=at + 7 * DAY,
        ),
        proposal=RoleProposal.objects.create(
            person=candidate,
            local_area=area,
            role=Role.SYSTEM_ADMIN,
            starts_on=on,
            proposed_at=at,
            proposed_by=keeper,
        ),
        sharing=SharingDecision.objects.create(
            employer=organisation,
            overseer=OrganisationFactory(
                local_area=area, name=f"Trust of {name}", kind=OrganisationKind.TRUST, urn=None
            ),
            purpose="Supervision",
            starts_on=on,
            ends_on=on + 30 * DAY,
            recorded_at=at,
            recorded_by=host,
        ),
        asked=PrivacyRequest.objects.create(
            person=subject, local_area=area, kind="erasure", asked_at=at, asked_by=subject
        ),
        copy=PrivacyRequest.objects.create(
            person=subject, local_area=area, kind="access", state="done", asked_at=at, done_at=at
        ),
        hold=LegalHold.objects.create(
            person=subject, local_area=area, basis="A claim", placed_at=at, placed_by=host
        ),
        staff_import=draft(as_csv(joiner(family=mark, title="Wizard")), organisation),
        signed_in_at=UserSession.objects.create(
            user=subject, ip="192.0.2.1", user_agent=mark, session_key=uuid.uuid4().hex
        ),
        passkey=Authenticator.objects.create(
            user=subject,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": mark, "credential": {"clientExtensionResults": {}}},
        ),
        linked=SocialAccount.objects.create(user=subject, provider="oidc", uid=f"walk:{mark}"),
    )
