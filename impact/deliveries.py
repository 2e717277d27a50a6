"""Promised work of the impact room (core.outbox)."""
