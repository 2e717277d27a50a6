"""Make what the content server plays agree with the database: manage.py publish_packages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from courses.packages.publishing import publish_all
from courses.packages.store import package_store


class Command(BaseCommand):
    """Rewrite every pointer; run it after PACKAGE_ROOT was restored or moved."""

    help = "Make what the content server plays agree with the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and retract, and say how many."""
        served, retracted = publish_all(package_store())
        self.stdout.write(f"{served} packages are served, {retracted} are withdrawn.")
