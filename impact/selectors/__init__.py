"""Reads of the impact room, as frozen dataclasses ready to show or to compute with."""
