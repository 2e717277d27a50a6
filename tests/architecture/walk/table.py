"""The table: who is answered how on each route of ours (design: security, "Who may do what").

`ROOMS` are routes without arguments, `THINGS` those that name something, `TOKENS` those that a
secret in the address opens. A route that is in none of them, and whose library has no rule in
`LIBRARIES`, fails the walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.architecture.walk.world import ACTORS, RELATIONS

Actors = frozenset[str]


def actors(words: str) -> Actors:
    """Read "setting lead, auditor"."""
    found = frozenset(filter(None, words.split(", ")))
    assert found <= set(ACTORS), found - set(ACTORS)
    return found


EVERYONE = frozenset(ACTORS)
SIGNED_IN = EVERYONE - {"visitor"}
LEADS = actors("setting lead, team manager, training admin")
TRAINER = actors("training admin")
ADMIN = actors("system admin")
EVALUATOR = actors("evaluator")
AUDIT = actors("system admin, auditor")
KEEPERS = actors("training admin, system admin")
GRANTERS = LEADS | ADMIN
LEARNER = actors("learner")
HEAD = actors("network lead")
MEMBERS = LEARNER | HEAD
NOBODY: Actors = frozenset()


@dataclass(frozen=True)
class Reach:
    """Who is answered for the thing in each relation to them.

    `known` are those for whom it is there and yet not permitted: 403 by relation. Everybody else
    gets the answer they would get for a thing that nowhere is.
    """

    own: Actors = NOBODY
    child: Actors = NOBODY
    sibling: Actors = NOBODY
    foreign: Actors = NOBODY
    known: dict[str, Actors] = field(default_factory=dict)

    def shown(self, relation: str) -> Actors:
        """Return who is shown the thing in this relation."""
        found: Actors = getattr(self, relation)
        return found


def over(reached: Actors, **known: Actors) -> Reach:
    """The whole area's things, for whoever holds a role over all of it."""
    return Reach(own=reached, child=reached, sibling=reached, known=known)


# Named people, for whoever leads them: one's own setting and the teams below it.
LINE = Reach(own=LEADS, child=LEADS, sibling=TRAINER)
OWN = Reach(own=LEARNER)

# The network of `own` is open, of `child` known and closed, of `sibling` hidden.
INSIDE = Reach(own=SIGNED_IN, known={"child": SIGNED_IN})
LEADING = Reach(own=HEAD, known={"own": SIGNED_IN - HEAD, "child": SIGNED_IN})
BELONGING = Reach(own=MEMBERS, known={"own": SIGNED_IN - MEMBERS, "child": SIGNED_IN})

# What an administrator sees is told to the rest as "not permitted" by the policy of the route.
ROOMS: dict[str, Actors] = {
    # people
    "accounts:people": LEADS,
    "accounts:person-add": LEADS,
    "accounts:people-end": LEADS,
    "accounts:people-ended": LEADS,
    "accounts:people-reopen": LEADS,
    "accounts:profile": SIGNED_IN,
    # A lead corrects the names of those who have an employer here.
    "accounts:profile-name": actors("training admin, evaluator, system admin, auditor"),
    "accounts:address": SIGNED_IN,
    "accounts:address-own": SIGNED_IN,
    "accounts:address-remove": SIGNED_IN,
    "accounts:address-not-now": SIGNED_IN,
    "accounts:invitations": LEADS,
    "accounts:invite-people": LEADS,
    "accounts:make-cards": LEADS,
    "accounts:staff-imports": LEADS,
    "accounts:staff-imports-earlier": LEADS,
    "accounts:staff-import-empty": LEADS,
    "accounts:join": EVERYONE,
    "accounts:join-password": EVERYONE,
    "accounts:joined": SIGNED_IN,
    # organisations: that a setting exists is no secret inside its area
    "accounts:organisations": SIGNED_IN,
    "accounts:organisation-add": KEEPERS,
    "accounts:clusters": SIGNED_IN,
    "accounts:cluster-add": KEEPERS,
    "accounts:merge-find": TRAINER,
    "accounts:merge-compare": TRAINER,
    # roles
    "accounts:roles": GRANTERS | AUDIT,
    "accounts:my-roles": SIGNED_IN,
    "accounts:role-find": GRANTERS,
    "accounts:proposals": AUDIT,
    "accounts:proposal-find": ADMIN,
    # sign-in
    "accounts:second-step": SIGNED_IN,
    "accounts:sign-in-services": ADMIN,
    "accounts:sign-in-service-add": ADMIN,
    "accounts:find-sign-in": ADMIN,
    "socialaccount_connections": SIGNED_IN,
    "account_email": SIGNED_IN,
    # personal data
    "accounts:my-data": SIGNED_IN,
    "accounts:my-record-pdf": SIGNED_IN,
    "accounts:my-record-json": SIGNED_IN,
    "accounts:my-copy-make": SIGNED_IN,
    "accounts:my-erasure": SIGNED_IN,
    "accounts:my-erasure-withdraw": SIGNED_IN,
    "accounts:privacy-requests": AUDIT,
    "accounts:privacy-request-new": NOBODY,
    "accounts:legal-holds": AUDIT,
    "accounts:legal-hold-place": NOBODY,
    "accounts:retention": AUDIT,
    "accounts:disposal-propose": AUDIT,
    # audit
    "accounts:audit-log": AUDIT,
    "accounts:audit-export": actors("auditor"),
    "accounts:audit-setting": actors("setting lead"),
    "accounts:accesses": SIGNED_IN,
    "accounts:open-record": AUDIT,
    # learning
    "resources_repo:matrix": SIGNED_IN,
    "resources_repo:submit": SIGNED_IN,
    "resources_repo:mine": SIGNED_IN,
    "resources_repo:queue": NOBODY,
    "cpd_tracking:my_learning": SIGNED_IN,
    "cpd_tracking:my_calendar": SIGNED_IN,
    "cpd_tracking:make_feed": SIGNED_IN,
    "cpd_tracking:close_feed": SIGNED_IN,
    "cpd_tracking:my_record": SIGNED_IN,
    "cpd_tracking:my_record_csv": SIGNED_IN,
    "cpd_tracking:team": LEADS,
    "cpd_tracking:team_csv": LEADS,
    "cpd_tracking:nudge": LEADS,
    "cpd_tracking:setting": LEADS,
    "cpd_tracking:new_session": LEADS,
    "cpd_tracking:certificate_check": EVERYONE,
    # impact
    "impact:home": EVALUATOR,
    "impact:coverage": EVALUATOR,
    "impact:coverage_csv": EVALUATOR,
    "impact:non_participants": EVALUATOR,
    "impact:outcomes": EVALUATOR,
    "impact:trend": EVALUATOR,
    "impact:trend_csv": EVALUATOR,
    "impact:questions": EVALUATOR,
    "impact:write": EVALUATOR,
    # the roof
    "website:search": EVERYONE,
    "website:administration": KEEPERS | AUDIT,
    "website:robots": EVERYONE,
    "website:sitemap": EVERYONE,
    "demo-sign-in": EVERYONE,
    "gallery:index": EVERYONE,
    "gallery:form": EVERYONE,
}

THINGS: dict[str, Reach] = {
    # people and posts
    "accounts:person": LINE,
    "accounts:person-correct": LINE,
    "accounts:post-add": LINE,
    "accounts:post-change": LINE,
    "accounts:post-job": LINE,
    "accounts:post-end": LINE,
    "accounts:post-reopen": LINE,
    "accounts:invitations-of": LINE,
    "accounts:withdraw-invitation": LINE,
    "accounts:staff-import": LINE,
    "accounts:staff-import-errors": LINE,
    "accounts:staff-import-titles": LINE,
    "accounts:staff-import-commit": LINE,
    "accounts:staff-import-discard": LINE,
    "accounts:staff-import-undo": LINE,
    # sign-in
    "mfa_remove_webauthn": OWN,
    "mfa_edit_webauthn": OWN,
    "accounts:end-session": OWN,
    "accounts:unlink-service": OWN,
    "accounts:sign-in-service": over(ADMIN),
    "accounts:sign-in-service-change": over(ADMIN),
    "accounts:sign-in-service-switch": over(ADMIN),
    "accounts:sign-in-service-test": over(ADMIN),
    "accounts:suspend-person": over(ADMIN),
    "accounts:restore-person": over(ADMIN),
    "accounts:reset-second-step": over(ADMIN),
    "accounts:forget-password": over(ADMIN),
    # organisations
    "accounts:organisation": over(SIGNED_IN),
    # The register of schools says what a school is called; units are kept by hand.
    "accounts:organisation-change": Reach(child=KEEPERS),
    "accounts:organisation-trust": over(KEEPERS),
    "accounts:organisation-close": Reach(child=KEEPERS),
    # Nothing here has been converted, and nothing has a successor.
    "accounts:organisation-convert": Reach(),
    "accounts:organisation-convert-undo": Reach(),
    # An employer decides for itself; a unit of it decides nothing.
    "accounts:sharing-add": Reach(
        own=actors("setting lead, team manager"),
        known={"own": TRAINER, "child": LEADS, "sibling": LEADS},
    ),
    "accounts:sharing-withdraw": Reach(
        own=actors("setting lead, team manager"),
        known={"own": TRAINER, "child": LEADS, "sibling": TRAINER},
    ),
    "accounts:cluster": over(SIGNED_IN),
    "accounts:cluster-change": over(KEEPERS),
    "accounts:cluster-join": over(KEEPERS),
    "accounts:cluster-end": over(KEEPERS),
    "accounts:cluster-leave": over(KEEPERS),
    "accounts:merge": over(TRAINER),
    "accounts:merge-undo": over(TRAINER),
    # roles
    "accounts:role-grant": Reach(
        own=GRANTERS, child=GRANTERS, sibling=actors("training admin, system admin")
    ),
    "accounts:role": Reach(own=LEADS | AUDIT, child=LEADS | AUDIT, sibling=TRAINER | AUDIT),
    "accounts:role-end": Reach(
        own=GRANTERS,
        child=GRANTERS,
        sibling=actors("training admin, system admin"),
        known={relation: actors("auditor") for relation in ("own", "child", "sibling")},
    ),
    # The grants of the walk are somebody else's: nobody hands those on.
    "accounts:role-colleague": Reach(),
    "accounts:role-delegate": Reach(),
    "accounts:proposal-new": over(ADMIN),
    "accounts:proposal-decide": over(
        ADMIN, own=actors("auditor"), child=actors("auditor"), sibling=actors("auditor")
    ),
    # personal data; there is no file behind the learner's copy any more
    "accounts:my-copy": Reach(),
    "accounts:privacy-request": over(AUDIT),
    "accounts:privacy-decide": over(AUDIT),
    "accounts:privacy-carry-out": over(
        ADMIN, own=actors("auditor"), child=actors("auditor"), sibling=actors("auditor")
    ),
    "accounts:legal-hold-lift": over(NOBODY, own=AUDIT, child=AUDIT, sibling=AUDIT),
    # Disposals are the installation's: there is one, the same in every relation.
    "accounts:disposal": Reach(own=AUDIT, child=AUDIT, sibling=AUDIT, foreign=AUDIT),
    "accounts:disposal-decide": Reach(
        own=ADMIN,
        child=ADMIN,
        sibling=ADMIN,
        foreign=ADMIN,
        known={relation: actors("auditor") for relation in RELATIONS},
    ),
    "accounts:retention-period": Reach(own=AUDIT, child=AUDIT, sibling=AUDIT, foreign=AUDIT),
    # networks
    "networks:meetings": INSIDE,
    "networks:schedule": LEADING,
    "networks:meeting": INSIDE,
    "networks:meeting-change": LEADING,
    "networks:meeting-cancel": LEADING,
    "networks:meeting-reply": BELONGING,
    "networks:register": LEADING,
    "networks:meeting-calendar": INSIDE,
    "networks:calendar": INSIDE,
    "networks:discussion": BELONGING,
    "networks:thread-start": BELONGING,
    "networks:held": LEADING,
    "networks:thread": BELONGING,
    "networks:message-edit": Reach(
        own=LEARNER, known={"own": SIGNED_IN - LEARNER, "child": SIGNED_IN}
    ),
    # A held message is there for its author and the moderators only.
    "networks:message-release": Reach(own=HEAD, known={"own": LEARNER}),
    "networks:message-redact": LEADING,
    "networks:members": INSIDE,
    "networks:member-add": LEADING,
    "networks:member-change": LEADING,
    "networks:join": Reach(own=SIGNED_IN - MEMBERS, known={"own": MEMBERS, "child": SIGNED_IN}),
    # Who does not belong leaves nothing.
    "networks:leave": Reach(own=SIGNED_IN, child=SIGNED_IN),
    "networks:settings": LEADING,
    # library
    "resources_repo:submitted": OWN,
    "resources_repo:new-version": Reach(
        own=LEARNER,
        known={"own": SIGNED_IN - LEARNER, "child": SIGNED_IN, "sibling": SIGNED_IN},
    ),
    "resources_repo:review": Reach(),
    "resources_repo:download": over(SIGNED_IN),
    "resources_repo:download-version": over(SIGNED_IN),
    "resources_repo:used": over(SIGNED_IN),
    # courses
    "courses:start": over(SIGNED_IN),
    "courses:lesson-done": OWN,
    "courses:begin": Reach(
        own=LEARNER,
        known={"own": SIGNED_IN - LEARNER, "child": SIGNED_IN, "sibling": SIGNED_IN},
    ),
    "courses:quiz": OWN,
    "courses:completed": OWN,
    "courses:attempt-status": OWN,
    "courses:attempt-statements": OWN,
    "courses:attempt-state": OWN,
    "courses:attempt-viewed": OWN,
    # records
    "cpd_tracking:make_certificate": OWN,
    "cpd_tracking:why": Reach(own=LEADS | LEARNER, child=LEADS, sibling=TRAINER),
    "cpd_tracking:person": LINE,
    "cpd_tracking:pauses": LINE,
    "cpd_tracking:resume": LINE,
    "cpd_tracking:pause_remove": LINE,
    # Leads to the question why, whoever it is about, and whether or not there is such a person.
    "cpd_tracking:opened_record": Reach(),
    "cpd_tracking:session": LINE,
    "cpd_tracking:session_sheet": LINE,
    # Whoever holds the code may check it, without a name.
    "cpd_tracking:certificate": Reach(EVERYONE, EVERYONE, EVERYONE, EVERYONE),
    "cpd_tracking:certificate_json": Reach(EVERYONE, EVERYONE, EVERYONE, EVERYONE),
    "cpd_tracking:certificate_pdf": OWN,
    "cpd_tracking:certificate_name": OWN,
    # impact
    "impact:question": over(EVALUATOR),
    "impact:state": over(EVALUATOR),
    "impact:change": over(EVALUATOR),
    "impact:lock": over(EVALUATOR),
    "impact:run": over(EVALUATOR),
}

# Opened by a secret that the walk does not have: nothing is shown, nothing is written.
TOKENS = frozenset(
    {
        "accounts:address-confirm",
        "accounts:join-by-link",
        "accounts:join-with-service",
        "courses:last-words",
        "cpd_tracking:feed",
        "cpd_tracking:reminders",
        "openid_connect_login",
        "openid_connect_callback",
        "website:area-theme",
        "gallery:screen",
        "account_confirm_email",
        "account_reset_password_from_key",
    }
)

# Views of ours that stand in front of a library's and have its name.
NAMES_BY_PATTERN = {
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "mfa_remove_webauthn",
    "accounts/3rdparty/": "socialaccount_connections",
    "accounts/email/": "account_email",
}

# GETs that write down that somebody looked, or that a file was fetched; nothing else.
LOOKS = {
    "accounts:person": "accounts_auditevent",
    "cpd_tracking:person": "accounts_auditevent",
    "cpd_tracking:pauses": "accounts_auditevent",
    "cpd_tracking:why": "accounts_auditevent",
    "cpd_tracking:team_csv": "accounts_auditevent",
    "cpd_tracking:session_sheet": "accounts_auditevent",
    "accounts:audit-export": "accounts_auditevent",
    "resources_repo:download": "resources_repo_downloadcount",
    "resources_repo:download-version": "resources_repo_downloadcount",
}

# Whose names an actor may read anywhere; and the rooms where administrators read all of the area.
_ALL_HERE = frozenset({"school", "unit", "department", "team", "sibling"})
NAMES: dict[str, frozenset[str]] = {
    "visitor": frozenset(),
    "learner": frozenset({"school"}),
    "setting lead": frozenset({"school", "unit"}),
    # Their own setting's lead on the profile; the learner in the network they lead.
    "network lead": frozenset({"school", "sibling"}),
    "team manager": frozenset({"department", "team"}),
    "training admin": _ALL_HERE,
    "evaluator": frozenset(),
    "system admin": frozenset(),
    "auditor": frozenset(),
}
NAMING = (
    "accounts:role",
    "accounts:proposal",
    "accounts:privacy",
    "accounts:legal-hold",
    "accounts:audit-",
    "accounts:suspend-person",
    "accounts:restore-person",
    "accounts:reset-second-step",
    "accounts:forget-password",
)


def names_for(actor: str, route: str) -> frozenset[str]:
    """Return the places whose people the actor may read by name on this route."""
    if actor in AUDIT and route.startswith(NAMING):
        return _ALL_HERE
    return NAMES[actor]
