"""What accounts holds about people; what its libraries hold is in library_data."""

from __future__ import annotations

from core.registry import (
    Carried,
    Column,
    OnErase,
    OnMerge,
    PersonalData,
    acted,
    declare,
    moving,
)

_EMPLOYMENT = (
    "An employer must be able to show who held which post, and with what training, for as long "
    "as its records of employment are kept. Your name goes from it."
)
_ACCESS = "Who could see personal data, and until when, must stay provable. Your name goes from it."
_ASKED = "That your request was answered, and in time, must stay provable."

# --- Posts and roles ----------------------------------------------------------------------------
_POST = (
    "organisation__name",
    "job_role",
    "title",
    "starts_on",
    "ends_on",
    "line_manager__given_name",
    "line_manager__family_name",
    "staff_number",
    "weekly_hours",
    "term_time_only",
    "handles_personal_data",
    "is_employment",
)
declare(
    PersonalData(
        model="accounts.Post",
        field="person",
        title="Posts",
        columns=_POST,
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("title", "staff_number", "line_manager"),
        ends="ends_on",
        because=_EMPLOYMENT,
        carried=Carried(
            key="posts",
            place=1,
            order=("-starts_on", "-pk"),
            columns=(
                Column("employer", "organisation__name", "Where"),
                Column("role", "job_role", "Post"),
                Column("title", "title"),
                Column("starts_on", "starts_on", "From"),
                Column("ends_on", "ends_on", "To"),
                Column("weekly_hours", "weekly_hours"),
                Column("term_time_only", "term_time_only"),
                Column("line_manager_given_name", "line_manager__given_name"),
                Column("line_manager_family_name", "line_manager__family_name"),
            ),
        ),
    ),
    PersonalData(
        model="accounts.Post",
        field="line_manager",
        title="Posts whose line you manage",
        # Who manages a line is a fact of today and goes over; who recorded it is history.
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("line_manager",),
        because="The post is somebody else's.",
    ),
    PersonalData(
        model="accounts.HistoricalPost",
        field="person",
        title="Earlier states of your posts",
        columns=(
            "history_date",
            "history_type",
            "organisation__name",
            "job_role",
            "title",
            "starts_on",
            "ends_on",
            "staff_number",
            "weekly_hours",
        ),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("title", "staff_number", "line_manager", "history_change_reason"),
        because=_EMPLOYMENT,
    ),
    acted(
        "accounts.HistoricalPost",
        "line_manager",
        "Earlier states of posts whose line you managed",
        on_erase=OnErase.CLEAR,
        clears=("line_manager",),
    ),
    acted("accounts.HistoricalPost", "history_user", "Posts you changed"),
    PersonalData(
        model="accounts.RoleGrant",
        field="person",
        title="Roles",
        columns=(
            "role",
            "local_area__name",
            "organisation__name",
            "starts_on",
            "ends_on",
            "reason",
        ),
        # A role is not handed on by a merge: the service ends what the merged account held.
        on_merge=OnMerge.STAY,
        on_erase=OnErase.CLEAR,
        clears=("reason",),
        ends="ends_on",
        because=_ACCESS,
        carried=Carried(
            key="roles",
            place=7,
            order=("-starts_on", "-pk"),
            columns=(
                Column("role", "role", "Role"),
                Column("local_area", "local_area__name", "Local area"),
                Column("organisation", "organisation__name", "Where"),
                Column("starts_on", "starts_on", "From"),
                Column("ends_on", "ends_on", "To"),
            ),
        ),
    ),
    acted("accounts.RoleGrant", "granted_by", "Roles you granted"),
    PersonalData(
        model="accounts.HistoricalRoleGrant",
        field="person",
        title="Earlier states of your roles",
        columns=("history_date", "history_type", "role", "organisation__name", "reason"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.CLEAR,
        clears=("reason", "history_change_reason"),
        because=_ACCESS,
    ),
    acted("accounts.HistoricalRoleGrant", "granted_by", "Earlier states of roles you granted"),
    acted("accounts.HistoricalRoleGrant", "history_user", "Roles you changed"),
    PersonalData(
        model="accounts.RoleProposal",
        field="person",
        title="Roles proposed for you",
        columns=("role", "local_area__name", "reason", "proposed_at", "decided_at"),
        on_merge=moving("accounts.RoleProposal", "person", decided_at__isnull=True),
        on_erase=OnErase.CLEAR,
        clears=("reason",),
        because=_ACCESS,
    ),
    acted(
        "accounts.RoleProposal",
        "proposed_by",
        "Roles you proposed",
        on_merge=moving("accounts.RoleProposal", "proposed_by", decided_at__isnull=True),
    ),
    acted("accounts.RoleProposal", "decided_by", "Proposals of roles you decided"),
)

# --- The account itself -------------------------------------------------------------------------
declare(
    PersonalData(
        model="accounts.User",
        field="merged_into",
        title="Accounts that became part of yours",
        columns=("email", "sign_in_name", "given_name", "family_name", "joined_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.KEEP,
        because="It is erased as your account is: it is the same person.",
    ),
    PersonalData(
        model="accounts.User_groups",
        field="user",
        title="Groups of editors",
        columns=("group__name",),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="accounts.User_user_permissions",
        field="user",
        title="Single permissions",
        columns=("permission__codename",),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="accounts.Invitation",
        field="person",
        title="Invitations",
        columns=("organisation__name", "kind", "address", "made_at", "accepted_at", "withdrawn_at"),
        # An open invitation is a key: it must not come to open another account.
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    acted("accounts.Invitation", "made_by", "Invitations you made"),
    PersonalData(
        model="account.EmailAddress",
        field="user",
        title="Email addresses",
        columns=("email", "verified", "primary"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="mfa.Authenticator",
        field="user",
        title="Ways to confirm a sign-in",
        columns=("type", "created_at", "last_used_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="socialaccount.SocialAccount",
        field="user",
        title="Sign-in services",
        columns=("provider", "uid", "extra_data", "date_joined", "last_login"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="usersessions.UserSession",
        field="user",
        title="Where you are signed in",
        columns=("ip", "user_agent", "created_at", "last_seen_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
)

# --- Administration -----------------------------------------------------------------------------
declare(
    PersonalData(
        model="accounts.AccountMerge",
        field="kept",
        title="Merges into your account",
        columns=("merged_at", "undone_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.CLEAR,
        clears=("changes",),
        because=_ACCESS,
    ),
    PersonalData(
        model="accounts.AccountMerge",
        field="merged",
        title="Merges of your account into another",
        columns=("merged_at", "undone_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.CLEAR,
        clears=("changes",),
        because=_ACCESS,
    ),
    acted("accounts.AccountMerge", "merged_by", "Accounts you merged"),
    acted("accounts.AccountMerge", "undone_by", "Merges you undid"),
    acted("accounts.StaffImport", "made_by", "Lists of staff you imported"),
    acted("accounts.StaffImport", "undone_by", "Imports you undid"),
    acted("accounts.SharingDecision", "recorded_by", "Decisions to share you recorded"),
    acted("accounts.SharingDecision", "withdrawn_by", "Decisions to share you withdrew"),
    acted("accounts.OrganisationConversion", "recorded_by", "Conversions of schools you recorded"),
)

# --- Privacy ------------------------------------------------------------------------------------
declare(
    PersonalData(
        model="accounts.PrivacyRequest",
        field="person",
        title="Requests about your data",
        columns=("kind", "state", "asked_at", "decided_at", "decision", "done_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("decision",),
        because=_ASKED,
    ),
    acted("accounts.PrivacyRequest", "asked_by", "Requests you put in for somebody"),
    acted("accounts.PrivacyRequest", "decided_by", "Requests you decided"),
    acted("accounts.PrivacyRequest", "done_by", "Requests you carried out"),
    PersonalData(
        model="accounts.LegalHold",
        field="person",
        title="Legal holds",
        withheld=(
            "A hold may serve a legal claim that notice would harm (Data Protection Act 2018, "
            "schedule 2, paragraphs 5 and 19)."
        ),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("basis",),
        because=_ASKED,
    ),
    acted("accounts.LegalHold", "placed_by", "Holds you placed"),
    acted("accounts.LegalHold", "lifted_by", "Holds you lifted"),
    acted("accounts.RetentionRule", "changed_by", "Retention periods you changed"),
    acted(
        "accounts.RetentionRun",
        "proposed_by",
        "Disposals you proposed",
        on_merge=moving("accounts.RetentionRun", "proposed_by", decided_at__isnull=True),
    ),
    acted("accounts.RetentionRun", "decided_by", "Disposals you decided"),
)
