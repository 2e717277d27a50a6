"""What schools call a job, and the job role that rules know it by.

Only titles with one meaning are here. Whatever is not, the person who imports decides, once for
each title; their answers are remembered for the next list of the same employer.
"""

from __future__ import annotations

import re
import unicodedata

from accounts.enums import JobRole

_SYNONYMS: dict[str, tuple[str, ...]] = {
    JobRole.HEADTEACHER: (
        "head teacher", "head", "principal", "executive headteacher", "executive head",
        "executive head teacher", "executive principal", "head of school", "acting headteacher",
        "interim headteacher", "co headteacher", "associate headteacher",
    ),
    JobRole.SENIOR_LEADER: (
        "deputy headteacher", "deputy head", "deputy head teacher", "assistant headteacher",
        "assistant head", "assistant head teacher", "deputy principal", "vice principal",
        "assistant principal", "assistant vice principal",
    ),
    JobRole.SENCO: (
        "sendco", "sen coordinator", "send coordinator", "sen co ordinator",
        "send co ordinator", "special educational needs coordinator",
        "special educational needs co ordinator", "assistant senco", "assistant sendco",
    ),
    JobRole.TEACHER: (
        "class teacher", "classroom teacher", "main scale teacher", "mainscale teacher",
        "subject teacher", "qualified teacher", "primary teacher", "secondary teacher",
        "early career teacher", "ect", "nqt", "newly qualified teacher", "unqualified teacher",
        "teacher main pay range", "teacher upper pay range", "lead practitioner", "supply teacher",
        "ppa teacher", "nursery teacher", "reception teacher", "form teacher",
        "trainee teacher", "peripatetic teacher",
    ),
    JobRole.TEACHING_ASSISTANT: (
        "ta", "hlta", "higher level teaching assistant", "teaching assistant hlta",
        "learning support assistant", "lsa", "classroom assistant", "sen teaching assistant",
        "send teaching assistant", "sen ta", "send ta", "one to one teaching assistant",
        "1 1 teaching assistant", "1 to 1 teaching assistant", "1 1 ta",
        "special needs assistant", "special needs teaching assistant", "sen support assistant",
        "special support assistant", "general teaching assistant", "learning mentor",
        "behaviour mentor", "nurture assistant", "cover supervisor", "teacher assistant",
        "apprentice teaching assistant", "inclusion assistant",
    ),
    JobRole.ELSA: ("elsa", "emotional literacy support assistant elsa"),
    JobRole.DSL: ("dsl", "safeguarding lead", "designated safeguarding officer"),
    JobRole.MENTAL_HEALTH_LEAD: ("mental health lead", "smhl"),
    JobRole.MIDDAY_SUPERVISOR: (
        "midday supervisory assistant", "midday assistant", "midday meals supervisor",
        "midday meals supervisory assistant", "lunchtime supervisor", "lunchtime assistant",
        "lunch time supervisor", "msa", "mdsa", "mmsa", "senior midday supervisor",
        "playground supervisor",
    ),
    JobRole.SCHOOL_OFFICE: (
        "school administrator", "administrator", "admin assistant", "administrative assistant",
        "administration assistant", "administrative officer", "admin officer", "office manager",
        "office administrator", "school office manager", "school secretary", "secretary",
        "school business manager", "business manager", "sbm", "receptionist", "site manager",
        "site supervisor", "caretaker", "premises manager", "premises officer",
        "premises assistant", "cleaner", "cleaner in charge", "cook", "kitchen assistant",
        "catering assistant", "finance officer", "finance manager", "exams officer",
        "data manager", "attendance officer", "clerical assistant", "ict technician",
        "it technician", "science technician", "technician", "librarian", "support staff",
        "school business leader", "hr officer",
    ),
    JobRole.EY_PRACTITIONER: (
        "nursery nurse", "early years educator", "nursery assistant", "nursery practitioner",
        "nursery manager", "nursery officer", "room leader", "early years assistant",
        "early years teaching assistant", "pre school assistant", "pre school leader",
        "deputy nursery manager",
    ),
    JobRole.CHILDMINDER: ("registered childminder", "childminding assistant"),
    JobRole.SOCIAL_WORKER: ("senior social worker", "newly qualified social worker", "asye"),
    JobRole.SOCIAL_CARE_MANAGER: (
        "social work team manager", "social care manager", "social work manager",
    ),
    JobRole.FAMILY_SUPPORT: (
        "family support practitioner", "family worker", "family support officer",
        "family liaison officer", "family link worker", "parent support adviser",
        "parent support advisor", "early help worker",
    ),
    JobRole.EDUCATIONAL_PSYCHOLOGIST: (
        "senior educational psychologist", "principal educational psychologist",
        "assistant educational psychologist", "trainee educational psychologist",
    ),
    JobRole.EMHP: ("education mental health practitioner", "emhp", "school counsellor"),
    JobRole.THERAPIST: (
        "speech and language therapist", "occupational therapist", "physiotherapist",
        "play therapist", "art therapist", "music therapist",
    ),
    JobRole.LA_OFFICER: ("sen officer", "send officer", "sen case officer", "ehc coordinator",
                         "ehcp coordinator", "send case officer"),
    JobRole.VOLUNTEER: ("parent volunteer", "reading volunteer", "volunteer helper"),
    JobRole.GOVERNOR: (
        "school governor", "parent governor", "staff governor", "co opted governor",
        "foundation governor", "local authority governor", "la governor", "chair of governors",
        "vice chair of governors", "trustee",
    ),
    JobRole.LINK_GOVERNOR: ("send governor", "sen governor", "send link governor",
                            "sen link governor"),
    JobRole.CLERK: ("clerk to the governors", "clerk to governors", "governance professional",
                    "clerk to the governing board"),
}  # fmt: skip

# What a title may carry without meaning another job.
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_TAIL = re.compile(
    r"(?: (?:(?:level|grade|scale|key stage|ks|year|yr|lvl) ?\d\w*|l\d|y\d|ks\d|eyfs|reception"
    r"|nursery|part time|full time|p t|f t|temporary|permanent|fixed term|maternity cover"
    r"|mat cover|term time only|term time|tto|casual))+$"
)


def plain_title(title: str) -> str:
    """Return the title as it is compared: words in lower case with one space between."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text).split())


_ROLES: dict[str, str] = {
    **{plain_title(value): value for value in JobRole.values},
    **{plain_title(str(label)): value for value, label in JobRole.choices},
    **{plain_title(name): role for role, names in _SYNONYMS.items() for name in names},
}


def job_role_of(title: str, chosen: dict[str, str]) -> str | None:
    """Return the job role of a title, as the person chose or as it is known; else None."""
    key = plain_title(title)
    if key in chosen:
        return chosen[key]
    for candidate in (key, _bare(title)):
        if candidate in _ROLES:
            return _ROLES[candidate]
        if candidate.startswith("teacher of "):
            return JobRole.TEACHER
    return None


def _bare(title: str) -> str:
    return _TAIL.sub("", plain_title(_BRACKETS.sub(" ", title)))
