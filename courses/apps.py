"""Application configuration of courses."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, modules, activities, packages and attempts."""

    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        """Listen to Wagtail, and tell the CMS who may edit quizzes."""
        from wagtail.permissions import register_permission_policy

        from courses import personal_data, receivers, retention
        from courses.cms_rights import AreaContentPolicy
        from courses.models import ContentPackage, Quiz
        from courses.packages import deliveries

        assert personal_data
        assert receivers
        assert retention
        assert deliveries
        for model in (Quiz, ContentPackage):
            register_permission_policy(model, AreaContentPolicy(model), exact_class=True)
