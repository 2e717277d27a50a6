"""Writes of courses, one matter a file."""
