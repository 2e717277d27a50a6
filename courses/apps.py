"""Application configuration of courses."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, modules, activities, packages and attempts."""

    name = "courses"
    verbose_name = "Courses"
