"""Reads of courses: what screens and other rooms ask for."""
