"""News of accounts for the rooms above. Sent inside the writer's transaction, never robustly."""

from django.dispatch import Signal

# kwargs: person_ids (set of User primary keys), at (instant)
posts_changed = Signal()

# The sign-in went over from an employer's address to the person's own: whoever gave out secret
# addresses closes them. kwargs: person_id, at (instant)
sign_in_handed_over = Signal()
