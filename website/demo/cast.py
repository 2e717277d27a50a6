"""The cast of Merrowdale: fictional people with fixed addresses, who do what, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.enums import JobRole, Role

DOMAIN = "merrowdale.example"


@dataclass(frozen=True)
class CastPost:
    """A post of a cast member: organisation key, job role, title, and how long ago it began."""

    organisation: str
    job_role: str
    title: str
    days_ago: int
    manager: str | None = None
    term_time_only: bool = False
    weekly_hours: float | None = None


@dataclass(frozen=True)
class CastMember:
    """Someone the demo's sign-in page offers; `grants` are (role, organisation key or None)."""

    key: str
    given_name: str
    family_name: str
    role: str
    line: str
    posts: tuple[CastPost, ...]
    grants: tuple[tuple[str, str | None], ...] = field(default=())

    @property
    def email(self) -> str:
        """The fixed address: the key at merrowdale.example."""
        return f"{self.key}@{DOMAIN}"

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


CAST: tuple[CastMember, ...] = (
    CastMember(
        "tom",
        "Tom",
        "Akinwale",
        "Teaching assistant",
        "Two posts, some training overdue. Continue a course, take the quiz, get a certificate.",
        (
            CastPost(
                "otterford",
                JobRole.TEACHING_ASSISTANT,
                "Teaching assistant and trainee ELSA",
                800,
                "nadia",
                True,
                27.5,
            ),
            CastPost(
                "bramblewick",
                JobRole.MIDDAY_SUPERVISOR,
                "Midday supervisor",
                8,
                None,
                True,
                5,
            ),
        ),
    ),
    CastMember(
        "priya",
        "Priya",
        "Raman",
        "Educational psychologist and network lead",
        "Runs the Primary SENCO Forum: meetings, register, resources.",
        (
            CastPost(
                "eps",
                JobRole.EDUCATIONAL_PSYCHOLOGIST,
                "Senior educational psychologist",
                2100,
            ),
        ),
    ),
    CastMember(
        "colm",
        "Colm",
        "Devlin",
        "Social-care team manager",
        "24 people in the Assessment service. Begins with who is overdue.",
        (
            CastPost(
                "social_care",
                JobRole.SOCIAL_CARE_MANAGER,
                "Team manager, Assessment service",
                1500,
            ),
        ),
        ((Role.TEAM_MANAGER, "assessment"),),
    ),
    CastMember(
        "ruth",
        "Ruth",
        "Osei",
        "Director of education and inclusion",
        "Asks whether training changed anything for children, and reads the limits first.",
        (
            CastPost(
                "education", JobRole.SENIOR_LEADER, "Director of education and inclusion", 1900
            ),
        ),
        ((Role.DIRECTOR, None),),
    ),
    CastMember(
        "nadia",
        "Nadia",
        "Ferreira",
        "SENCO and setting lead",
        "Keeps the training record of Otterford Primary. Records a session for many people.",
        (CastPost("otterford", JobRole.SENCO, "SENCO and assistant headteacher", 1180),),
        ((Role.SETTING_LEAD, "otterford"),),
    ),
    CastMember(
        "beata",
        "Beata",
        "Lis",
        "Childminder and early years champion",
        "No employer, no line manager. Her own record and her ward's cluster.",
        (CastPost("childminder_1", JobRole.CHILDMINDER, "Registered childminder", 2600),),
    ),
    CastMember(
        "gareth",
        "Gareth",
        "Pugh",
        "SEND link governor",
        "Link governor of Otterford, governor of Bramblewick: two boards, one record.",
        (
            CastPost("board_otterford", JobRole.LINK_GOVERNOR, "SEND link governor", 130),
            CastPost("board_bramblewick", JobRole.GOVERNOR, "Community governor", 700),
        ),
    ),
    CastMember(
        "imogen",
        "Imogen",
        "Hartley",
        "Training administrator",
        "Makes courses and requirements for the whole local area.",
        (CastPost("inclusion", JobRole.LA_OFFICER, "Workforce development manager", 1300),),
        ((Role.TRAINING_ADMIN, None), (Role.STEWARD, None)),
    ),
    CastMember(
        "callum",
        "Callum",
        "Reyes",
        "Training administrator",
        "The second person who approves an uploaded package.",
        (
            CastPost(
                "inclusion", JobRole.LA_OFFICER, "Workforce development officer", 620, "imogen"
            ),
        ),
        ((Role.TRAINING_ADMIN, None),),
    ),
    CastMember(
        "samira",
        "Samira",
        "Dasgupta",
        "Resource reviewer",
        "Publishes or returns what people share in the library.",
        (CastPost("inclusion", JobRole.LA_OFFICER, "Inclusion adviser", 1640),),
        ((Role.REVIEWER, None),),
    ),
    CastMember(
        "wendell",
        "Wendell",
        "Moss",
        "System administrator",
        "Looks after the installation and reads its audit log. Sees no training records.",
        (CastPost("council", JobRole.LA_OFFICER, "Digital services officer", 980),),
        ((Role.SYSTEM_ADMIN, None),),
    ),
    CastMember(
        "hester",
        "Hester",
        "Quaye",
        "Auditor",
        "Reads the audit log and nothing else.",
        (CastPost("council", JobRole.LA_OFFICER, "Internal auditor", 2200),),
        ((Role.AUDITOR, None),),
    ),
    CastMember(
        "una",
        "Una",
        "Brightwell",
        "Data protection officer",
        "Decides about requests for erasure, legal holds and how long things are kept.",
        (CastPost("council", JobRole.LA_OFFICER, "Data protection officer", 1420),),
        ((Role.DPO, None),),
    ),
)

BY_KEY = {member.key: member for member in CAST}
# Who gets a button on the sign-in page, in this order.
ON_SIGN_IN_PAGE = (
    "tom",
    "priya",
    "colm",
    "ruth",
    "nadia",
    "beata",
    "gareth",
    "imogen",
    "samira",
    "wendell",
    "hester",
    "una",
)
# Who is there at the stage `empty`, before anybody else has been imported.
ADMINISTRATORS = ("imogen", "callum", "samira", "wendell", "hester", "una")
