"""Writes of the impact room."""
