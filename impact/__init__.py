"""Outcomes and training side by side: what can be said, how surely, and what cannot be said."""
