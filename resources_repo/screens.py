"""What the pages of resources_repo show: a page is model and view in one, so it asks here."""

from __future__ import annotations
