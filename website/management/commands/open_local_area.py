"""`manage.py open_local_area`: a new local area with its site, home and standard pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.text import slugify

from website.areas import open_local_area


class Command(BaseCommand):
    """Open a local area, or complete one that exists."""

    help = "Open a local area: site, home page, standard pages, editors' and reviewers' groups."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what an area needs."""
        parser.add_argument("name", help="Such as “Merrowdale”.")
        parser.add_argument("code", help="Local authority code, three digits.")
        parser.add_argument("hostname", help="Host name of its site.")
        parser.add_argument("--port", type=int, default=443)
        parser.add_argument("--product-name", default="")
        parser.add_argument("--contact-email", default="")
        parser.add_argument("--default-site", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it and say where."""
        area = open_local_area(
            name=options["name"],
            slug=slugify(options["name"]),
            code=options["code"],
            product_name=options["product_name"] or f"{options['name']} SEND Learning",
            hostname=options["hostname"],
            port=options["port"],
            is_default_site=options["default_site"],
            contact_email=options["contact_email"],
        )
        self.stdout.write(f"{area.product_name} answers on {options['hostname']}.")
