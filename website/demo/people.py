"""Everyone in Merrowdale: the cast, 3,000 staff, 118 governors; posts, managers and roles."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from simple_history.utils import bulk_create_with_history

from accounts.enums import NON_EMPLOYMENT_ROLES, JobRole, OrganisationKind, Role
from accounts.models import LocalArea, Organisation, Post, RoleGrant, User
from accounts.services.roles import grant_role
from accounts.signals import posts_changed
from website.demo import staffing
from website.demo.cast import ADMINISTRATORS, CAST, DOMAIN, CastMember
from website.demo.names import invented
from website.demo.places import Place

_TITLES = {
    JobRole.DSL: "Deputy headteacher and designated safeguarding lead",
    JobRole.MENTAL_HEALTH_LEAD: "Assistant headteacher and senior mental health lead",
    JobRole.ELSA: "Teaching assistant and ELSA",
    JobRole.SCHOOL_OFFICE: "School administrator",
    JobRole.SENCO: "SENCO",
}
_TERM_TIME = {
    JobRole.TEACHING_ASSISTANT,
    JobRole.ELSA,
    JobRole.MIDDAY_SUPERVISOR,
    JobRole.TEACHER,
}
_MANAGED_BY_SENCO = {JobRole.TEACHING_ASSISTANT, JobRole.ELSA, JobRole.MIDDAY_SUPERVISOR}
# In Colm's team, four people's first training falls due within the next month (90 days from
# the start of their post).
_NEW_IN_ASSESSMENT = (66, 70, 75, 83)
# The stage `sample` has the whole staff of these, and of other schools those who lead or join
# networks: enough people for the journeys, few enough for a test.
SAMPLE_SETTINGS = ("skylark", "otterford", "bramblewick")
_ONE_A_SCHOOL = (JobRole.MENTAL_HEALTH_LEAD, JobRole.ELSA)


class Staffroom:
    """Collects people and posts in memory; `save` writes them in a few inserts.

    The same `rng` gives the same people, ids and posts in the same order.
    """

    def __init__(
        self, *, places: dict[str, Organisation], today: dt.date, rng: random.Random
    ) -> None:
        self.places = places
        self.today = today
        self.rng = rng
        self.people: list[User] = []
        self.by_key: dict[str, User] = {}
        self.posts: list[Post] = []
        self.leads: list[tuple[User, str, Organisation]] = []
        taken = {member.key for member in CAST}
        self._names: Iterator[tuple[str, str, str]] = invented(rng, taken)
        self.september = dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)

    def person(self, *, has_email: bool = True, member: CastMember | None = None) -> User:
        """Add a person, invented or of the cast; nobody has a usable password."""
        if member is None:
            given, family, mailbox = next(self._names)
        else:
            given, family, mailbox = member.given_name, member.family_name, member.key
        user = User(
            given_name=given,
            family_name=family,
            email=f"{mailbox}@{DOMAIN}" if has_email else None,
            is_active=has_email,
            # Unusable, built without hashing: 3,000 hashes would take minutes.
            password=f"{UNUSABLE_PASSWORD_PREFIX}{self.rng.getrandbits(200):040x}"[:41],
            public_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
        )
        self.people.append(user)
        return user

    def post(
        self,
        person: User,
        organisation: str,
        job_role: str,
        *,
        title: str = "",
        starts_on: dt.date | None = None,
        ends_on: dt.date | None = None,
        manager: User | None = None,
        term_time_only: bool | None = None,
        weekly_hours: float | None = None,
    ) -> Post:
        """Add a post; without dates it began some years ago, mostly on a 1 September."""
        term_time = job_role in _TERM_TIME if term_time_only is None else term_time_only
        row = Post(
            person=person,
            organisation=self.places[organisation],
            job_role=job_role,
            title=title or _TITLES.get(JobRole(job_role), JobRole(job_role).label),
            starts_on=starts_on or self.some_start(),
            ends_on=ends_on,
            line_manager=manager,
            term_time_only=term_time,
            weekly_hours=None if weekly_hours is None else Decimal(str(weekly_hours)),
            handles_personal_data=job_role != JobRole.MIDDAY_SUPERVISOR,
            is_employment=job_role not in NON_EMPLOYMENT_ROLES,
        )
        self.posts.append(row)
        return row

    def some_start(self) -> dt.date:
        """Return a plausible first day: half began within three years, most in September."""
        years = int(self.rng.triangular(0, 15, 1))
        day = dt.date(self.september.year - years, 9, 1)
        if self.rng.random() < 0.25:
            day += dt.timedelta(days=self.rng.choice((125, 129, 230, 236)))
        if day > self.today:
            day = self.september
        return day

    def save(self) -> None:
        """Write people, then posts with their history."""
        User.objects.bulk_create(self.people, batch_size=500)
        for post in self.posts:
            # The rows have their keys only now.
            post.person_id = post.person.pk
            post.line_manager_id = post.line_manager.pk if post.line_manager else None
        bulk_create_with_history(self.posts, Post, batch_size=500)


def build_people(
    *,
    area: LocalArea,
    places: dict[str, Organisation],
    settings: list[Place],
    today: dt.date,
    at: dt.datetime,
    rng: random.Random,
    stage: str,
) -> dict[str, User]:
    """Create the people of a stage and return the cast by key.

    `empty` has administrators only; `sample` lacks the staff rooms of most schools.
    """
    room = Staffroom(places=places, today=today, rng=rng)
    _add_cast(room, [m for m in CAST if stage != "empty" or m.key in ADMINISTRATORS])
    if stage != "empty":
        _add_school_staff(room, settings, everybody=stage != "sample")
        _add_teams(room)
        _add_early_years(room)
        _add_governors(room, settings)
        if stage != "sample":
            _add_movers(room)
    room.save()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in room.by_key.values()
    )
    _grant_roles(room, area=area, today=today, at=at)
    posts_changed.send(sender=Post, person_ids={person.pk for person in room.people}, at=at)
    return room.by_key


def _add_cast(room: Staffroom, cast: list[CastMember]) -> None:
    for member in cast:
        room.by_key[member.key] = room.person(member=member)
    for member in cast:
        for post in member.posts:
            room.post(
                room.by_key[member.key],
                post.organisation,
                post.job_role,
                title=post.title,
                starts_on=room.today - dt.timedelta(days=post.days_ago),
                manager=room.by_key[post.manager] if post.manager else None,
                term_time_only=post.term_time_only,
                weekly_hours=post.weekly_hours,
            )


def _add_school_staff(room: Staffroom, settings: list[Place], *, everybody: bool) -> None:
    cast_posts = {
        (post.organisation, post.job_role): room.by_key[member.key]
        for member in CAST
        for post in member.posts[:1]
    }
    for school in staffing.staff_of_schools(settings, room.rng):
        key = school.place.key
        head = room.person()
        room.post(head, key, JobRole.HEADTEACHER)
        room.leads.append((head, Role.SETTING_LEAD, room.places[key]))
        senco = cast_posts.get((key, JobRole.SENCO))
        if senco is None:
            senco = room.person()
            room.post(senco, key, JobRole.SENCO, manager=head)
        deputy = room.person()
        room.post(deputy, key, JobRole.DSL, manager=head)
        for role, number in school.roles.items():
            if role in (JobRole.HEADTEACHER, JobRole.SENCO, JobRole.DSL):
                continue
            if not (everybody or key in SAMPLE_SETTINGS or role in _ONE_A_SCHOOL):
                continue
            manager = (
                senco if role in _MANAGED_BY_SENCO else deputy if role == JobRole.TEACHER else head
            )
            for _ in range(number - int((key, role) in cast_posts)):
                # Some midday supervisors have no address of their own: nobody has invited them.
                has_email = role != JobRole.MIDDAY_SUPERVISOR or room.rng.random() > 0.3
                room.post(room.person(has_email=has_email), key, role, manager=manager)


def _add_early_years(room: Staffroom) -> None:
    nurseries = [key for key in room.places if key.startswith("nursery_")]
    childminders = [key for key in room.places if key.startswith("childminder_")]
    for key in childminders:
        if key != "childminder_1":
            room.post(room.person(), key, JobRole.CHILDMINDER, title="Registered childminder")
    sizes = staffing.share_out(
        staffing.EARLY_YEARS_STAFF - len(childminders),
        [room.rng.uniform(5, 9) for _ in nurseries],
    )
    for key, size in zip(nurseries, sizes, strict=True):
        manager = room.person()
        room.post(manager, key, JobRole.EY_PRACTITIONER, title="Nursery manager")
        room.leads.append((manager, Role.SETTING_LEAD, room.places[key]))
        for _ in range(size - 1):
            room.post(room.person(), key, JobRole.EY_PRACTITIONER, manager=manager)


def _add_teams(room: Staffroom) -> None:
    managers: dict[str, User] = {"assessment": room.by_key["colm"]}
    care_teams = [
        key
        for key in staffing.TEAMS
        if room.places[key].kind == OrganisationKind.SOCIAL_CARE_TEAM
        and key not in ("social_care", "assessment")
    ]
    for team, roles in staffing.TEAMS.items():
        for role, title, number in roles:
            for place in range(number):
                person = room.person()
                starts_on = None
                if team == "assessment":
                    starts_on = _start_in_assessment(room, role, place)
                if role == JobRole.SOCIAL_CARE_MANAGER:
                    managers[care_teams[place]] = person
                    room.leads.append((person, Role.TEAM_MANAGER, room.places[care_teams[place]]))
                room.post(
                    person, team, role, title=title, starts_on=starts_on, manager=managers.get(team)
                )


def _start_in_assessment(room: Staffroom, role: str, place: int) -> dt.date:
    if role == JobRole.SOCIAL_WORKER and place < len(_NEW_IN_ASSESSMENT):
        return room.today - dt.timedelta(days=_NEW_IN_ASSESSMENT[place])
    return room.today - dt.timedelta(days=room.rng.randrange(220, 2400))


def _add_governors(room: Staffroom, settings: list[Place]) -> None:
    gareth = {("board_otterford", JobRole.LINK_GOVERNOR), ("board_bramblewick", JobRole.GOVERNOR)}
    for place in settings[:59]:
        board = f"board_{place.key}"
        roles = [JobRole.LINK_GOVERNOR, JobRole.GOVERNOR]
        if place.key == "skylark":
            roles.append(JobRole.GOVERNOR)
        for role in roles:
            if (board, role) not in gareth:
                room.post(room.person(), board, role, starts_on=room.some_start())


def _add_movers(room: Staffroom, number: int = 45) -> None:
    """Give some staff an earlier post elsewhere, closed the day before the present one began."""
    schools = [key for key, place in room.places.items() if place.urn and place.closed_on is None]
    present = [
        post
        for post in room.posts
        if post.organisation.urn
        and post.job_role in (JobRole.TEACHER, JobRole.TEACHING_ASSISTANT)
        and post.person is not room.by_key["tom"]
    ]
    for post in room.rng.sample(present, number):
        elsewhere = room.rng.choice(schools)
        if room.places[elsewhere] is not post.organisation:
            room.post(
                post.person,
                elsewhere,
                post.job_role,
                starts_on=post.starts_on - dt.timedelta(days=room.rng.randrange(400, 1500)),
                ends_on=post.starts_on - dt.timedelta(days=1),
            )


def _grant_roles(room: Staffroom, *, area: LocalArea, today: dt.date, at: dt.datetime) -> None:
    """Grant the cast's roles through the service, and the leads' set-wise with their history."""
    for member in CAST:
        if member.key not in room.by_key:
            continue
        for role, organisation in member.grants:
            grant_role(
                by=None,
                person=room.by_key[member.key],
                role=role,
                local_area=area,
                organisation=room.places[organisation] if organisation else None,
                starts_on=today - dt.timedelta(days=member.posts[0].days_ago),
                at=at,
            )
    bulk_create_with_history(
        [
            RoleGrant(
                person=person,
                role=role,
                local_area=area,
                organisation=organisation,
                starts_on=today - dt.timedelta(days=400),
            )
            for person, role, organisation in room.leads
        ],
        RoleGrant,
        batch_size=500,
    )
