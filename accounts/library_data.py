"""What the libraries we build on hold about people: uploaded media, and the editor's own rows."""

from __future__ import annotations

from core.registry import OnErase, OnMerge, PersonalData, acted, declare

_FILES = "The file belongs to the local area. Your name goes from it."
_PAGES = "The page belongs to the local area. Your name goes from it."

declare(
    *(
        PersonalData(
            model=model,
            field="uploaded_by_user",
            title=title,
            columns=("title", "created_at"),
            on_merge=OnMerge.STAY,
            on_erase=OnErase.KEEP,
            because=_FILES,
        )
        for model, title in (
            ("core.HouseImage", "Pictures you uploaded"),
            ("core.HouseDocument", "Documents you uploaded"),
            ("wagtailimages.Image", "Other pictures you uploaded"),
            ("wagtaildocs.Document", "Other documents you uploaded"),
        )
    ),
    PersonalData(
        model="wagtailcore.UploadedFile",
        field="uploaded_by_user",
        title="Uploads that were not finished",
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="wagtailusers.UserProfile",
        field="user",
        title="Preferences of the editor",
        columns=("preferred_language", "theme", "contrast", "density"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    *(
        PersonalData(
            model=model,
            field="user",
            title=title,
            on_merge=OnMerge.STAY,
            on_erase=OnErase.DELETE,
        )
        for model, title in (
            ("wagtailadmin.EditingSession", "Pages open in the editor"),
            ("wagtailadmin.FormState", "Forms half filled in in the editor"),
        )
    ),
    PersonalData(
        model="wagtailcore.APIToken",
        field="user",
        title="Keys for programs",
        columns=("name", "created", "last_used_at"),
        on_merge=OnMerge.STAY,
        on_erase=OnErase.DELETE,
    ),
    acted("wagtailcore.ModelLogEntry", "user", "Changes you made in the editor"),
    acted("wagtailcore.PageLogEntry", "user", "Changes to pages you made in the editor"),
    acted("wagtailcore.Revision", "user", "Drafts of pages you saved"),
    # Nobody approves what is their own: what they submitted or own goes over with them.
    acted(
        "wagtailcore.WorkflowState", "requested_by", "Reviews you asked for", on_merge=OnMerge.MOVE
    ),
    acted("wagtailcore.TaskState", "finished_by", "Reviews you finished"),
    acted(
        "wagtailcore.Page",
        "owner",
        "Pages you own",
        columns=("title", "first_published_at"),
        on_merge=OnMerge.MOVE,
        because=_PAGES,
    ),
    acted(
        "wagtailcore.Page",
        "locked_by",
        "Pages you locked",
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.CLEAR,
        clears=("locked_by", "locked"),
        because=_PAGES,
    ),
    PersonalData(
        model="wagtailcore.Comment",
        field="user",
        title="Comments in the editor",
        columns=("page__title", "text", "created_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    acted("wagtailcore.Comment", "resolved_by", "Comments you resolved"),
    PersonalData(
        model="wagtailcore.CommentReply",
        field="user",
        title="Replies to comments in the editor",
        columns=("comment__page__title", "text", "created_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="wagtailcore.PageSubscription",
        field="user",
        title="Pages you follow in the editor",
        columns=("page__title", "comment_notifications"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
)
