"""News of accounts for the rooms above. Sent inside the writer's transaction, never robustly."""

from django.dispatch import Signal

# kwargs: person_ids (set of User primary keys), at (instant)
posts_changed = Signal()
