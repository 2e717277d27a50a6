"""What a room holds: a network, a course with its tries, resources, pages, a question, a document.

`own` is open and led by the network lead, with the learner as a member; `child` is known to all
and entered by members only; `sibling` is hidden; `foreign` is the next area's.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from accounts.models import (
    AccountMerge,
    Cluster,
    ClusterMembership,
    LocalArea,
    RetentionRun,
    SignInService,
    User,
)
from core import clock
from core.models import HouseDocument, HouseImage
from courses.models import Activity, Completion
from courses.services.attempts import open_attempt
from courses.services.enrolments import enrol_learner
from courses.services.quizzes import open_sitting
from impact.models import EvaluationPlan
from networks.enums import MembershipRole, Visibility
from networks.services.discussion import send_message, start_thread
from tests.factories.accounts import UserFactory
from tests.factories.courses import activity_block, make_course, make_lesson, make_package
from tests.factories.courses import publish as publish_course
from tests.factories.networks import join, make_meeting, make_network, make_person
from tests.factories.resources_repo import make_reviewer, publish, submit, text_file
from website.models import StandardPage

NHS = "943 476 5919"
_VISIBILITY = {
    "own": Visibility.AREA,
    "child": Visibility.MEMBERS,
    "sibling": Visibility.HIDDEN,
    "foreign": Visibility.AREA,
}


def fill_room(
    relation: str,
    area: LocalArea,
    people: dict[str, User],
    places: dict[str, SimpleNamespace],
) -> SimpleNamespace:
    """Put one of everything that belongs to a room into it; return it by name."""
    place = {"own": "school", "child": "team"}.get(relation, relation)
    # In their own room the actors are the people; in the others somebody else is.
    member = places[place].subject if relation == "own" else make_person(area)
    lead = people["network lead"] if relation == "own" else places[place].host
    room = SimpleNamespace(relation=relation, area=area, member=member, lead=lead)
    _network(room)
    _course(room)
    _library(room)
    _pages(room)
    _administration(room, places[place])
    room.plan = EvaluationPlan.objects.create(
        local_area=area,
        question=f"Did the {relation} course help?",
        course=room.course,
        threshold="one_person",
        outcome="suspensions",
        school_group="primary",
        first_year=2019,
        last_year=2023,
        created_at=clock.now(),
        created_by=people["evaluator"] if relation != "foreign" else None,
    )
    return room


def name_of(relation: str) -> str:
    """Name the network of the room; nothing else is called so."""
    return f"Walkers {relation} circle"


def _network(room: SimpleNamespace) -> None:
    at = clock.now()
    room.network = make_network(
        room.area, name=name_of(room.relation), visibility=_VISIBILITY[room.relation]
    )
    since = clock.today() - dt.timedelta(days=100)
    join(room.network, room.lead, role=MembershipRole.LEAD, starts_on=since)
    room.membership = join(room.network, room.member, starts_on=since)
    room.meeting = make_meeting(room.network, room.lead)
    room.coming = make_meeting(room.network, room.lead, days=7)
    room.message = start_thread(
        by=room.member,
        network=room.network,
        title="Small steps",
        body="What works?",
        is_question=True,
        at=at,
    )
    room.thread = room.message.thread
    room.held = send_message(by=room.member, thread=room.thread, body=f"About {NHS}", at=at)


def _course(room: SimpleNamespace) -> None:
    at = clock.now()
    course = make_course(room.area, f"Course {room.relation}")
    page = course.page
    package = make_package(room.area, room.lead)
    make_lesson(page, f"Play {room.relation}", activity_block(package))
    page.refresh_from_db()
    room.course = publish_course(page)
    room.package = package
    room.revision = package.revisions.get()
    room.lesson, quiz_lesson, play = page.get_children().specific()
    room.quiz_activity = quiz_lesson.activities.get()
    room.quiz = room.quiz_activity.quiz
    room.play = Activity.objects.get(lesson=play)
    room.enrolment = enrol_learner(person=room.member, course=room.course, at=at)
    room.sitting = open_sitting(person=room.member, activity=room.quiz_activity, at=at)
    room.attempt = open_attempt(person=room.member, activity=room.play, at=at)
    room.completion = Completion.objects.create(
        enrolment=room.enrolment,
        person=room.member,
        version=room.enrolment.version,
        occurred_at=at,
        hours=1,
        evidence="server-scored",
    )


def _library(room: SimpleNamespace) -> None:
    room.resource = publish(room.area, room.member, title=f"Plan {room.relation}", file=text_file())
    room.submitted = submit(
        room.area, room.member, title=f"Draft {room.relation}", file=text_file()
    )
    room.reviewer = make_reviewer(room.area)
    room.document = HouseDocument(title=f"Minutes {room.relation}", collection=room.area.collection)
    room.document.file.save("minutes.txt", ContentFile(b"For the people here"), save=False)
    room.document.save()
    # The CMS writes down sizes on first sight: here it has seen them.
    room.document.get_file_size()
    room.image = HouseImage.objects.create(
        title=f"Otter {room.relation}",
        file=get_test_image_file(size=(8, 8)),
        collection=room.area.collection,
    )
    room.image.get_file_size()


def _pages(room: SimpleNamespace) -> None:
    room.page = room.area.root_page.add_child(
        instance=StandardPage(
            title=f"How we decide {room.relation}",
            slug=f"how-{room.relation}",
            is_public=False,
            body=f'<p><a linktype="document" id="{room.document.pk}">x</a></p>',
        )
    )
    room.draft = room.area.root_page.add_child(
        instance=StandardPage(
            title=f"Draft of {room.relation}", slug=f"draft-{room.relation}", live=False
        )
    )


def _administration(room: SimpleNamespace, place: SimpleNamespace) -> None:
    at = clock.now()
    room.cluster = Cluster.objects.create(local_area=room.area, name=f"Cluster {room.relation}")
    room.in_cluster = ClusterMembership.objects.create(
        cluster=room.cluster, organisation=place.organisation, starts_on=clock.today()
    )
    room.service = SignInService.objects.create(
        local_area=room.area,
        organisation=place.organisation,
        slug=f"walk-{room.relation}",
        name=f"Directory {room.relation}",
        kind="entra",
        server_url="https://login.example/",
        tenant=f"tenant-{room.relation}",
        client_id="walk",
    )
    room.merge = AccountMerge.objects.create(
        local_area=room.area,
        kept=make_person(room.area),
        merged=UserFactory(is_active=False),
        changes=[],
        merged_at=at,
        merged_by=place.host,
    )
    # Disposals are the installation's, not an area's: there is one, made in the actors' area.
    room.disposal = RetentionRun.objects.first() or RetentionRun.objects.create(
        due_on=clock.today(), proposed_at=at, proposed_by=place.host
    )
