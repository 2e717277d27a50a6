"""The ten networks of Merrowdale, and what their members write: fictional, as data."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import JobRole, OrganisationKind, Phase
from networks.enums import NetworkKind, Visibility

STANDING = "Welcome and new members\nShared practice: one thing that worked\nTraining and its dates"


@dataclass(frozen=True)
class Planned:
    """One network: whom it draws (job roles at kinds and phases of settings), and its meetings.

    `lead` and `deputy` are keys of the cast, or None: then members are chosen. `silent` is how
    many settings never come. Meetings are (title, days from today); minutes of each.
    """

    key: str
    name: str
    kind: str
    purpose: str
    roles: tuple[str, ...]
    meetings: tuple[tuple[str, int], ...]
    kinds: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    lead: str | None = None
    deputy: str | None = None
    visibility: str = Visibility.AREA
    minutes: int = 90
    place: str = "Merrowdale Learning Centre, Room 2"
    online: str = ""
    silent: int = 0
    one_each: bool = True
    most: int = 60


NETWORKS: tuple[Planned, ...] = (
    Planned(
        "primary", "Primary SENCO Forum", NetworkKind.FORUM,
        "SENCOs of primary schools meet each half term to solve problems together, hear what is "
        "new and share what works.",
        (JobRole.SENCO,),
        (
            ("Summer forum: planning for September", -136),
            ("Autumn forum: the first six weeks", -58),
            ("Autumn forum: sensory needs in ordinary classrooms", -16),
            ("Winter forum: moving between schools", 12),
            ("Spring forum: annual reviews that help", 68),
        ),
        kinds=(OrganisationKind.SCHOOL,), phases=(Phase.PRIMARY,),
        lead="priya", deputy="nadia", silent=4, place="Otterford Primary School",
        online="https://meet.merrowdale.example/primary-forum",
    ),
    Planned(
        "secondary", "Secondary SENCO Forum", NetworkKind.FORUM,
        "SENCOs of secondary schools compare provision, exam arrangements and transition, and "
        "agree how to ask for help together.",
        (JobRole.SENCO,),
        (
            ("Summer forum: transition files", -129),
            ("Autumn forum: exam access arrangements", -44),
            ("Winter forum: part-time timetables", 19),
        ),
        kinds=(OrganisationKind.SCHOOL,), phases=(Phase.SECONDARY,),
        silent=1, place="Pellgate High School",
    ),
    Planned(
        "outreach", "Special schools and ARMS outreach", NetworkKind.OUTREACH,
        "Special schools and additionally resourced mainstream schools lend each other their "
        "specialists, visits and advice.",
        (JobRole.SENCO, JobRole.HEADTEACHER),
        (("Outreach planning, autumn", -37), ("Outreach planning, spring", 26)),
        kinds=(OrganisationKind.SPECIAL_SCHOOL,),
        minutes=60, place="Thistledown School", one_each=False,
    ),
    Planned(
        "elsa", "ELSA network", NetworkKind.CIRCLE,
        "Emotional literacy support assistants of all schools: ideas, materials and news of "
        "supervision.",
        (JobRole.ELSA,),
        (("ELSA network morning", -72), ("ELSA network morning: friendship groups", 33)),
        lead="priya", minutes=120, silent=2,
    ),
    Planned(
        "mhp", "Mental health practice network", NetworkKind.CIRCLE,
        "The Mental Health in Schools Team and the people in its schools agree referrals, "
        "interventions and whole-school work.",
        (JobRole.EMHP,),
        (("Practice meeting: referrals so far", -51), ("Practice meeting: low mood in year 9", 21)),
        minutes=60, online="https://meet.merrowdale.example/mhp", place="", most=47,
        one_each=False,
    ),
    Planned(
        "smhl", "Senior mental health leads", NetworkKind.FORUM,
        "Senior mental health leads keep their whole-school plans moving, with a colleague who "
        "asks how it went.",
        (JobRole.MENTAL_HEALTH_LEAD,),
        (("Leads' meeting: staff wellbeing", -66), ("Leads' meeting: pupil voice", 40)),
        silent=5, place="", online="https://meet.merrowdale.example/leads",
    ),
    Planned(
        "early-years", "Early years ward clusters", NetworkKind.CLUSTER,
        "Nurseries, pre-schools and childminders of each ward meet near home and pool what they "
        "have.",
        (JobRole.EY_PRACTITIONER, JobRole.CHILDMINDER),
        (("All clusters: the progress check at two", -80), ("All clusters: first words", 47)),
        kinds=(OrganisationKind.NURSERY_SCHOOL, OrganisationKind.PVI_NURSERY,
               OrganisationKind.CHILDMINDER),
        deputy="beata", silent=6, minutes=60, place="Harbour Family Hub", most=64,
    ),
    Planned(
        "governors", "SEND link governors", NetworkKind.FORUM,
        "Link governors of all boards learn what to ask, what to read and what good answers "
        "sound like.",
        (JobRole.LINK_GOVERNOR,),
        (("Termly forum: the SEN information report", -93), ("Termly forum: the budget", 54)),
        deputy="gareth", silent=7, minutes=75, place="",
        online="https://meet.merrowdale.example/governors",
    ),
    Planned(
        "social-care", "Social-care SEND circle", NetworkKind.CIRCLE,
        "Social workers and managers talk through how disabled children and their families are "
        "heard. For members only, so that people can speak freely.",
        (JobRole.SOCIAL_WORKER, JobRole.SOCIAL_CARE_MANAGER),
        (("Circle: advice for EHC assessments", -30), ("Circle: short breaks", 23)),
        lead="colm", visibility=Visibility.HIDDEN, minutes=60, one_each=False, most=16,
        place="Civic Offices, Room 4",
    ),
    Planned(
        "partners", "Voluntary and parent partners", NetworkKind.CIRCLE,
        "Parent Carer Voices, charities and youth projects plan with services what families ask "
        "for.",
        (JobRole.VOLUNTEER, JobRole.FAMILY_SUPPORT, JobRole.SENIOR_LEADER, JobRole.LA_OFFICER),
        (("Partners' table: autumn", -40), ("Partners' table: the Local Offer", 37)),
        kinds=(OrganisationKind.VOLUNTARY, OrganisationKind.PARENT_CARER_FORUM,
               OrganisationKind.FAMILY_HUB),
        minutes=60, place="Northgate Family Hub", one_each=False, most=20,
    ),
)  # fmt: skip

# (who: "lead", "deputy" or a number of a member; is it a question; title; messages)
# A message is (who, days ago, text).
Talk = tuple[bool, str, tuple[tuple[str | int, float, str], ...]]

TALKS: dict[str, tuple[Talk, ...]] = {
    "primary": (
        (True, "Has anyone a sensory audit for a small hall?", (
            (0, 2.1, "Our hall is also the dining room and the PE space. I can find audits for "
                     "classrooms but nothing for a room that changes three times a day. What do "
                     "you look at first?"),
        )),
        (True, "How do you record part-time timetables this year?", (
            (1, 5.4, "We have two pupils on a time-limited part-time timetable. Where do you keep "
                     "the plan, and who signs the review?"),
        )),
        (True, "Reading pens: are they worth it?", (
            (2, 21.0, "We have money for four. Has anyone used them with year 5 and 6 for longer "
                      "than a term?"),
            (3, 20.2, "We have six. They helped pupils who understand well by ear and read below "
                      "age 7. They gathered dust with those who also find listening hard. Try one "
                      "for three weeks before you buy four."),
            ("deputy", 19.8, "Same here. Agree with the pupil which lessons, and show the class "
                             "how it works first, so that it is not a secret."),
        )),
        (False, "Notes of the autumn forum on sensory needs", (
            ("lead", 14.5, "Thank you all for coming. We agreed to try three things: a ten-minute "
                           "walk through school at noise level, headphones that live in every "
                           "room, and asking pupils to draw where school is too loud. We look at "
                           "what happened on the next date. Materials are in the library."),
            (4, 13.1, "We did the walk with two school councillors. They found the humming "
                      "projector in ten seconds. We had stopped hearing it."),
        )),
        (True, "Blank-level questions in year 2", (
            (5, 33.0, "Our speech therapist suggested blank-level questions. Does anyone use them "
                      "with the whole class and not just in a group?"),
            ("lead", 32.4, "Yes: plan one question of each level into the input and start every "
                           "pupil at the level they can answer. There is a card for lanyards in "
                           "the library."),
        )),
    ),
    "secondary": (
        (True, "Evidence for rest breaks", (
            (0, 9.0, "What do you keep as evidence of the normal way of working for rest breaks?"),
            (1, 8.2, "A line in the subject teacher's planner each time, collected once a half "
                     "term. It takes two minutes and nobody has argued with it."),
        )),
        (True, "Year 7: who reads the transition file?", (
            (2, 3.3, "Ours are careful and long and I am not sure that form tutors open them. Has "
                     "anyone made a one-page version that staff do read?"),
        )),
    ),
    "elsa": (
        (False, "A feelings check-in that older pupils do not mind", (
            (0, 12.0, "Year 6 found the faces babyish. We changed to weather words: clear, cloudy, "
                      "stormy, fog. They explain it themselves now."),
            (1, 11.3, "Stealing this. Thank you."),
        )),
    ),
    "early-years": (
        (True, "Sharing a treasure basket between three settings", (
            ("deputy", 6.0, "We are three childminders in Otter Vale. Who would like to swap "
                            "baskets each month? Ours is full of kitchen things at the moment."),
        )),
    ),
    "governors": (
        (True, "What do you ask about interventions?", (
            ("deputy", 17.0, "I visit next week. What is a good question about interventions that "
                             "is not just a list of them?"),
            (0, 16.1, "I ask: which one did you stop this year, and why? The answer tells me "
                      "whether anyone looks at results."),
        )),
    ),
    "social-care": (
        (True, "Getting advice in within six weeks", (
            (0, 8.0, "The request for advice often reaches us in week two. How do other teams "
                     "make sure it is seen on the day it arrives?"),
            ("lead", 7.5, "One shared mailbox with a rota, and I look at it twice a week. "
                          "Simple, and it works."),
        )),
    ),
}  # fmt: skip
