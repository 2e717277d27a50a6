"""My learning, My record and the explanation of a status."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from accounts.enums import JobRole
from courses.enums import Evidence
from courses.hooks import reasons_for
from courses.services.enrolments import enrol_learner
from courses.signals import CourseCompletion, course_completed
from cpd_tracking.enums import RecordSource
from cpd_tracking.explain import explain_status
from cpd_tracking.models import Certificate, LearningRecord, Obligation
from cpd_tracking.selectors import my_learning
from cpd_tracking.services.records import UnableToRecord, record_learning
from networks.signals import AttendanceNews, attendance_recorded, attendance_withdrawn
from tests.factories.accounts import OrganisationFactory, PostFactory
from tests.factories.courses import make_course
from tests.factories.cpd_tracking import (
    AT,
    TODAY,
    build,
    learned,
    make_person_rule,
    make_rule,
    make_topic,
)
from tests.factories.networks import make_led_network, make_meeting

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def tom(area):
    """Tom: teaching assistant at one school, midday supervisor at another."""
    post = PostFactory(
        organisation=OrganisationFactory(local_area=area, name="Otterford Primary"),
        job_role=JobRole.TEACHING_ASSISTANT,
        person__given_name="Tom",
    )
    PostFactory(
        person=post.person,
        organisation=OrganisationFactory(local_area=area, name="Bramblewick Primary"),
        job_role=JobRole.MIDDAY_SUPERVISOR,
        starts_on=D(2026, 1, 7),
    )
    return post.person


def completion(person, course, evidence: str, at: dt.datetime = AT) -> CourseCompletion:
    from uuid import uuid4

    uid = uuid4()
    return CourseCompletion(
        person_id=person.pk,
        course_id=course.pk,
        course_version_id=course.current_version_id,
        occurred_at=at,
        hours=Decimal("0.75"),
        score_scaled=0.8,
        evidence=evidence,
        source_uid=f"completion:{uid}",
        completion_uid=uid,
    )


def test_a_completed_course_is_up_to_date_at_once_with_a_certificate(area, tom):
    course = make_course(area, "Information governance")
    make_person_rule(area, course, "R1", demands_score=True)
    build()
    assert my_learning(tom, TODAY).tasks[0].words.status == "overdue"
    course_completed.send(sender=None, completion=completion(tom, course, Evidence.SERVER_SCORED))
    learning = my_learning(tom, TODAY)
    assert (learning.tasks, learning.up_to_date) == ([], 1)
    assert learning.headline == "Nothing due. You are up to date until 21 September 2027."
    assert learning.hours == Decimal("0.75")
    assert Certificate.objects.get().expires_on == D(2027, 9, 21)


def test_what_a_browser_says_of_itself_does_not_satisfy_a_scored_rule(area, tom):
    course = make_course(area, "Information governance")
    make_person_rule(area, course, "R1", demands_score=True)
    build()
    course_completed.send(sender=None, completion=completion(tom, course, Evidence.CLIENT_ASSERTED))
    row = Obligation.objects.current(TODAY).get()
    found = explain_status(obligation=row, on=TODAY, viewer=tom)
    assert found.status == "overdue"
    assert "does not count: the requirement asks for a result" in found.sentence


def test_the_clocks_go_back_and_the_day_is_londons(area, tom):
    course = make_course(area, "Information governance")
    just_after_midnight = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)  # 00:30 on 2 July
    course_completed.send(
        sender=None,
        completion=completion(tom, course, Evidence.SERVER_SCORED, just_after_midnight),
    )
    winter = dt.datetime(2026, 1, 31, 23, 59, tzinfo=dt.UTC)
    course_completed.send(
        sender=None, completion=completion(tom, course, Evidence.SERVER_SCORED, winter)
    )
    days = set(LearningRecord.objects.values_list("occurred_on", flat=True))
    assert days == {D(2026, 7, 2), D(2026, 1, 31)}


def test_the_register_of_a_meeting_writes_and_withdraws_records(area, tom):
    meeting = make_meeting(*make_led_network(area))
    news = AttendanceNews(
        person_id=tom.pk, meeting_id=meeting.pk, organisation_id=None,
        occurred_on=D(2026, 9, 10), hours=Decimal(2), source_uid="attendance:7",
        title="Autumn forum", network_name="Primary SENCO Forum", is_supervision=False,
    )  # fmt: skip
    for _ in range(2):
        attendance_recorded.send(sender=None, attendance=news, at=AT)
    assert LearningRecord.objects.standing().get().title == "Primary SENCO Forum: Autumn forum"
    attendance_withdrawn.send(sender=None, source_uid="attendance:7", at=AT)
    assert not LearningRecord.objects.standing().exists()
    assert LearningRecord.objects.count() == 2  # nothing is ever deleted


def test_two_posts_ask_once_and_collective_duties_are_not_tasks(area, tom):
    rule = make_rule(area, make_topic(area, "Safeguarding update"))
    build()
    Obligation.objects.create(
        requirement=rule, version=rule.versions.get(),
        organisation=tom.posts.first().organisation, starts_on=TODAY, trigger_on=TODAY,
        window_opens_on=TODAY, first_due_on=TODAY, due_on=TODAY,
    )  # fmt: skip
    learning = my_learning(tom, TODAY)
    [task] = learning.tasks
    assert task.words.setting == "Otterford Primary and Bramblewick Primary"
    assert task.words.due_on == D(2025, 10, 1)  # the earlier of the two
    assert learning.headline == "1 overdue"


def test_every_course_that_is_open_says_continue(area, tom):
    opened = [make_course(area, f"Course {number}") for number in (1, 2)]
    for number, course in enumerate([*opened, make_course(area, "Course 3")]):
        make_person_rule(area, course, f"R{number}")
    build()
    for course in opened:
        enrol_learner(person=tom, course=course, at=AT)
    labels = {task.words.course_id: task.action_label for task in my_learning(tom, TODAY).tasks}
    assert [labels.pop(course.pk) for course in opened] == ["Continue", "Continue"]
    assert list(labels.values()) == ["Start"]


def test_a_course_page_says_why(area, tom):
    course = make_course(area, "Information governance")
    make_person_rule(area, course, "R1", reference="Policy 7")
    build()
    [reason] = reasons_for(tom, course, today=TODAY)
    assert reason.sentence == "Asked of everyone here"
    assert reason.status == "overdue"
    assert (reason.status_label, reason.due) == ("11 months late", "Was due 1 October 2025")
    assert reason.source == "Policy 7"


def test_nobody_learns_in_the_future(area, tom):
    with pytest.raises(UnableToRecord):
        record_learning(learned=learned(tom, make_topic(area), D(2026, 9, 22)), at=AT)


@pytest.mark.parametrize("many", [1, 30])
def test_my_learning_asks_the_same_number_of_queries(
    area, tom, many, django_assert_num_queries, sign_in
):
    for number in range(many):
        make_rule(area, make_topic(area, f"Topic {number}"))
    build()
    client = sign_in(tom)
    with time_machine.travel(AT):
        client.get("/my-learning/")
        with django_assert_num_queries(9):
            response = client.get("/my-learning/")
    assert b"Good morning, Tom" in response.content


@pytest.mark.parametrize("many", [1, 30])
def test_my_record_asks_the_same_number_of_queries(
    area, tom, many, django_assert_num_queries, sign_in
):
    topic = make_topic(area)
    for _ in range(many):
        record_learning(learned=learned(tom, topic, D(2026, 9, 2)), at=AT)
    client = sign_in(tom)
    with time_machine.travel(AT):
        client.get("/my-record/")
        with django_assert_num_queries(9):
            response = client.get("/my-record/")
    assert f"{many} hours".encode() in response.content


def test_the_download_is_the_whole_record(area, tom, sign_in):
    record_learning(learned=learned(tom, make_topic(area), D(2024, 9, 2), title="=1+1"), at=AT)
    body = b"".join(sign_in(tom).get("/my-record/download.csv").streaming_content).decode()
    assert "2024-09-02,'=1+1,Session,1.00,Marked by Waymark," in body


def test_the_explanation_in_words_and_in_json_say_the_same(area, tom, sign_in):
    topic = make_topic(area, "Safeguarding")
    make_person_rule(area, topic, "R2", reference="Policy 9", edition="2026")
    build()
    record_learning(
        learned=learned(tom, topic, D(2025, 10, 4), source=RecordSource.ATTESTED_BY_SETTING),
        at=AT,
    )
    row = Obligation.objects.current(D(2026, 1, 1)).get()
    with time_machine.travel(AT):
        data = sign_in(tom).get(f"/why/{row.pk}/", {"format": "json", "on": "2026-01-01"}).json()
    assert data["status"] == "compliant"
    assert data["expires_on"] == "2026-10-04"
    assert data["sentence"] == (
        "Asked of everyone here: required locally, Policy 9 (2026). "
        "It is due 30 days after the first day, 1 September 2025: by 1 October 2025. "
        "It was done on 4 October 2025 (confirmed by the setting), 3 days late. "
        "It counts for 12 months, until 4 October 2026. So it is up to date."
    )
