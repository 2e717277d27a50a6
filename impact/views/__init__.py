"""Screens of the impact room."""
