"""Somebody of whom every room holds something, and a search of every column of every table."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    ModelLogEntry,
    PageSubscription,
    UploadedFile,
)
from wagtail.users.models import UserProfile

from accounts import audit
from accounts.enums import JobRole, Role
from accounts.models import (
    AccountMerge,
    Invitation,
    LegalHold,
    LocalArea,
    PrivacyRequest,
    RoleProposal,
    StaffImport,
    User,
)
from core import clock
from core.models import HouseDocument, HouseImage, Outbox
from courses.models import AttemptState, Statement
from courses.services.enrolments import enrol_learner, finish_lesson
from courses.services.quizzes import open_sitting, submit_quiz
from cpd_tracking.models import (
    AttestedSession,
    CalendarFeed,
    Certificate,
    DigestSent,
    Exemption,
    Extension,
    Nudge,
    Pause,
    ReminderPreference,
)
from cpd_tracking.services.records import record_learning
from networks.enums import Presence, ReplyAnswer
from networks.models import Attendance, Reply
from networks.services.discussion import start_thread
from resources_repo.models import ResourceUse
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory, UserFactory
from tests.factories.courses import make_course
from tests.factories.cpd_tracking import build, learned, make_rule
from tests.factories.networks import join, make_led_network, make_meeting
from tests.factories.resources_repo import publish

GIVEN, FAMILY = "Zebedee", "Quillfeather"
ADDRESS, OWN_ADDRESS, SIGN_IN_NAME = "z.quill@school.example", "zeb@home.example", "zquill4"
# What must be nowhere once the person is erased. A search index keeps the stems of words.
NEEDLES = ("zebede", "quillf", "z.quill@", "zeb@home", "zquill4", "zq-0042")
LONG_AGO = dt.date(2025, 9, 1)


def make_known_person(area: LocalArea) -> User:
    """Return a person of whom every room holds rows, with a name that is nobody else's."""
    at = clock.now()
    person = UserFactory(
        given_name=GIVEN,
        family_name=FAMILY,
        email=ADDRESS,
        personal_email=OWN_ADDRESS,
        sign_in_name=SIGN_IN_NAME,
        last_login=at,
    )
    colleague = UserFactory()
    school = OrganisationFactory(local_area=area, name="Otterford Primary")
    post = PostFactory(
        person=person,
        organisation=school,
        staff_number="ZQ-0042",
        title=f"Assistant to {GIVEN} {FAMILY}",
        line_manager=colleague,
        job_role=JobRole.TEACHING_ASSISTANT,
    )
    PostFactory(organisation=school, line_manager=person)
    _account(person, area, school, colleague, at)
    _editor(person, area, at)
    _networks(person, area, at)
    _library(person, area, school)
    _learning(person, area, post, colleague, at)
    return person


def _account(person: User, area: LocalArea, school: Any, colleague: User, at: dt.datetime) -> None:
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email=OWN_ADDRESS, verified=True)
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": f"{GIVEN} {FAMILY}"}
    )
    SocialAccount.objects.create(
        user=person, provider="entra", uid="42", extra_data={"email": ADDRESS, "name": FAMILY}
    )
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["email"] = ADDRESS
    session.create()
    UserSession.objects.create(
        user=person, ip="192.0.2.1", user_agent=SIGN_IN_NAME, session_key=session.session_key
    )
    grant = RoleGrantFactory(
        person=person,
        role=Role.SETTING_LEAD,
        local_area=area,
        organisation=school,
        reason=f"{FAMILY} covers",
    )
    grant.ends_on = None
    grant.save()
    RoleProposal.objects.create(
        person=person,
        local_area=area,
        role=Role.SYSTEM_ADMIN,
        starts_on=LONG_AGO,
        reason=f"{GIVEN} {FAMILY} knows it",
        proposed_at=at,
        proposed_by=colleague,
    )
    Invitation.objects.create(
        person=person,
        organisation=school,
        kind="mail",
        address=ADDRESS,
        secret_digest=uuid.uuid4().hex,
        made_at=at,
        expires_at=at,
    )
    StaffImport.objects.create(
        local_area=area,
        organisation=school,
        mode="full",
        source_name=f"{GIVEN} {FAMILY}.csv",
        fingerprint="0" * 64,
        rows=[["email", "given_name", "family_name"], [2, ADDRESS, GIVEN, FAMILY]],
        plan={
            "joiners": [{"name": f"{GIVEN} {FAMILY}", "lines": [2], "email": ADDRESS}],
            "errors": [{"line": 2, "column": "email", "value": ADDRESS, "message": "Twice"}],
        },
        changes={
            "changed_people": [
                {"pk": person.pk, "before": {"family_name": "Quillfeatherby"}, "after": {}},
                {"pk": person.pk, "before": {}, "after": {"given_name": GIVEN}},
            ]
        },
        made_at=at,
    )
    merged = UserFactory(
        given_name=GIVEN, family_name=FAMILY, email="zeb@home.example.net", is_active=False
    )
    merged.merged_into = person
    merged.save()
    AccountMerge.objects.create(
        local_area=area,
        kept=person,
        merged=merged,
        changes=[{"model": "accounts.User", "field": "email", "before": ADDRESS}],
        merged_at=at,
        merged_by=colleague,
    )
    Outbox.objects.create(
        kind="mail", key="mail:1", payload={"to": ADDRESS, "dear": GIVEN}, available_at=at
    )
    Outbox.objects.create(
        kind="mail", key="mail:2", last_error=f"550 {ADDRESS} is unknown", available_at=at
    )
    PrivacyRequest.objects.create(
        person=person,
        local_area=area,
        kind="access",
        state="done",
        asked_at=at,
        decision=f"Sent to {OWN_ADDRESS}",
    )
    LegalHold.objects.create(
        person=person,
        local_area=area,
        basis=f"{FAMILY} v Otterford",
        placed_at=at,
        placed_by=colleague,
        lifted_at=at,
    )
    audit.record(
        actor=colleague,
        verb="record.opened",
        subject=person,
        local_area=area,
        reason=f"{GIVEN} {FAMILY} asked me to look",
    )


def _editor(person: User, area: LocalArea, at: dt.datetime) -> None:
    person.groups.add(area.editors)
    person.user_permissions.add(Permission.objects.first())
    UserProfile.objects.create(
        user=person, avatar=ContentFile(b"x", name="quillfeather.png"), dismissibles={FAMILY: True}
    )
    page = area.root_page
    kind = ContentType.objects.get_for_model(User)
    EditingSession.objects.create(
        user=person, content_type=kind, object_id=page.pk, last_seen_at=at
    )
    FormState.objects.create(
        user=person,
        content_type=kind,
        object_id="",
        parent_object_id="",
        data=f"name={FAMILY}",
        last_updated_at=at,
    )
    APIToken.objects.create(user=person, name=FAMILY, key_hash="0" * 64, prefix="w")
    ModelLogEntry.objects.create(
        content_type=kind,
        object_id=str(person.pk),
        label=f"{GIVEN} {FAMILY}",
        action="wagtail.edit",
        timestamp=at,
        user=person,
    )
    UploadedFile.objects.create(
        uploaded_by_user=person, file=ContentFile(b"x", name="quillfeather.txt")
    )
    HouseImage.objects.create(
        title="Otter", file="otter.png", width=1, height=1, uploaded_by_user=person
    )
    HouseDocument.objects.create(title="Plan", file="plan.txt", uploaded_by_user=person)
    comment = Comment.objects.create(
        page=page, user=person, text=f"{FAMILY} will see to it", contentpath="title"
    )
    CommentReply.objects.create(comment=comment, user=person, text=f"Done. {GIVEN}")
    PageSubscription.objects.create(page=page, user=person, comment_notifications=True)


def _networks(person: User, area: LocalArea, at: dt.datetime) -> None:
    network, lead = make_led_network(area)
    join(network, person)
    meeting = make_meeting(network, lead)
    Reply.objects.create(meeting=meeting, person=person, answer=ReplyAnswer.YES, replied_at=at)
    Attendance.objects.create(
        meeting=meeting,
        person=person,
        presence=Presence.PRESENT,
        hours=1,
        recorded_by=lead,
        recorded_at=at,
    )
    start_thread(
        by=person,
        network=network,
        title="Small steps",
        body="What works?",
        is_question=True,
        at=at,
    )


def _library(person: User, area: LocalArea, school: Any) -> None:
    page = publish(area, person, title="Graded return", credit=f"With thanks to {GIVEN} {FAMILY}")
    page.owner = person
    page.save_revision(user=person).publish()
    ResourceUse.objects.create(
        page=page, person=person, organisation=school, used_on=clock.today(), helped="yes"
    )


def _learning(person: User, area: LocalArea, post: Any, colleague: User, at: dt.datetime) -> None:
    course = make_course(area)
    rule = make_rule(area, course)
    build(clock.today())
    enrol_learner(person=person, course=course, at=at)
    reading, quiz_lesson = course.page.get_children().specific()
    finish_lesson(person=person, lesson=reading, at=at)
    sitting = open_sitting(person=person, activity=quiz_lesson.activities.get(), at=at)
    answers = {
        question["id"]: [option["id"] for option in question["options"] if option.get("correct")]
        or [question["options"][0]["id"]]
        for question in sitting.paper
    }
    attempt = submit_quiz(attempt=sitting.attempt, answers=answers, at=at)
    Statement.objects.create(
        attempt=attempt,
        uid=uuid.uuid4(),
        verb="answered",
        statement={"response": f"I am {GIVEN}"},
        stored_at=at,
    )
    AttemptState.objects.create(attempt=attempt, data=f"name={FAMILY}", saved_at=at)
    record = record_learning(learned=learned(person, course, clock.today()), at=at)
    Certificate.objects.filter(person=person).update(revoked_because=f"{FAMILY} asked")
    if not Certificate.objects.filter(person=person, revoked_at__isnull=True).exists():
        Certificate.objects.create(person=person, record=record, issued_at=at)
    Exemption.objects.create(
        person=person,
        requirement=rule,
        reason="other",
        note=f"{GIVEN} did it elsewhere",
        starts_on=LONG_AGO,
        ends_on=clock.today(),
        recorded_at=at,
    )
    Extension.objects.create(
        person=person,
        post=post,
        requirement=rule,
        period_starts_on=LONG_AGO,
        due_on=clock.today(),
        reason=f"{FAMILY} was away",
        recorded_at=at,
        recorded_by=colleague,
    )
    Pause.objects.create(person=person, starts_on=LONG_AGO, ends_on=LONG_AGO, recorded_at=at)
    Nudge.objects.create(
        person=person,
        requirement=rule,
        period_starts_on=LONG_AGO,
        sent_on=clock.today(),
        sent_at=at,
        sent_by=colleague,
    )
    DigestSent.objects.create(person=person, iso_year=2026, iso_week=40, promised_at=at)
    ReminderPreference.objects.create(person=person, changed_at=at)
    CalendarFeed.objects.create(person=person, nonce="n", made_at=at)
    AttestedSession.objects.create(
        organisation=post.organisation,
        title="Fire safety",
        held_on=clock.today(),
        hours=1,
        led_by=f"{GIVEN} {FAMILY}",
        attested_by=colleague,
        recorded_at=at,
    )


def tables_that_say(*needles: str) -> list[str]:
    """Return "table.column: value" of every column, of any table, in which one of them stands.

    The tables come from the database itself, so that none can be forgotten: search indexes and
    libraries' own are among them.
    """
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = _as_text(value)
                    if any(needle in text for needle in needles):
                        found.append(f"{table}.{column}: {text[:80]}")
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace").casefold()
    return str(value).casefold()
