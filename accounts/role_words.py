"""What each role opens, in the words a person reads before they grant it."""

from __future__ import annotations

from accounts.enums import Role

# One sentence each, about what the holder sees and does (design: security, the table of rights).
WHAT_A_ROLE_OPENS: dict[str, str] = {
    Role.SETTING_LEAD: (
        "Sees who works in the setting and what each person has done and still has to do; records "
        "training for them and accepts their evidence."
    ),
    Role.TEAM_MANAGER: (
        "Sees the people of the team, and of the teams below it, with what each has done and still "
        "has to do; records training for them and accepts their evidence."
    ),
    Role.TRAINING_ADMIN: (
        "Sees named people and their training across the scope, edits courses, pages and rules, "
        "and grants the roles of setting lead and team manager."
    ),
    Role.REVIEWER: "Reads resources that wait for review and publishes them, or sends them back.",
    Role.STEWARD: (
        "Sees that every network exists, hidden ones too, and who leads it; reads no messages."
    ),
    Role.EVALUATOR: "Sees counts and outcomes, never names.",
    Role.DIRECTOR: (
        "Sees counts and outcomes, never names, and decides about a new system administrator where "
        "there is only one."
    ),
    Role.SYSTEM_ADMIN: (
        "Grants and ends roles, sets up sign-in, edits pages and reads the audit log."
    ),
    Role.AUDITOR: "Reads the audit log and who holds which role; changes nothing.",
    Role.DPO: "Decides about erasure and legal holds, and sees requests about personal data.",
    Role.DSCO: (
        "Sees the people of the social care teams they answer for, with what each has done and "
        "still has to do; changes nothing."
    ),
    Role.DCO: (
        "Sees the people of the health organisations they answer for, with what each has done and "
        "still has to do; changes nothing."
    ),
    Role.BOARD_CLERK: "Sees the governors of one board and what each has done and still has to do.",
}

# Where a role makes sense. A role in neither group may be held over either.
HELD_OVER_AN_ORGANISATION = frozenset({Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.BOARD_CLERK})
HELD_OVER_THE_AREA = frozenset(
    {
        Role.STEWARD,
        Role.REVIEWER,
        Role.DIRECTOR,
        Role.SYSTEM_ADMIN,
        Role.AUDITOR,
        Role.DPO,
    }
)


def what_it_opens(role: str) -> str:
    """Return the sentence about the role."""
    return WHAT_A_ROLE_OPENS.get(role, "")


def wrong_place(role: str, *, whole_area: bool) -> str:
    """Return why the role cannot be held there, or nothing."""
    label = Role(role).label
    if whole_area and role in HELD_OVER_AN_ORGANISATION:
        return f"Choose the setting or team: {label} is a role in one place."
    if not whole_area and role in HELD_OVER_THE_AREA:
        return f"{label} is a role over the whole local area, not over one setting."
    return ""
