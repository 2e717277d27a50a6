"""Courses, modules, activities, packages and attempts."""
