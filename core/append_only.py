"""Rows that are written once: the one place that refuses to rewrite them."""

from __future__ import annotations

from typing import Any

from django.db import models


class AppendOnly(models.Model):
    """Abstract model whose rows are inserted and never changed through the application.

    Subclasses say in `unchanging` what is told to whoever tries. Erasure, which the law may ask
    for, goes by queryset, in a service that says so.
    """

    unchanging = "This row never changes."

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise TypeError for a row that exists (integrity, not a business rule)."""
        if self.pk is not None:
            raise TypeError(self.unchanging)
        super().save(*args, **kwargs)


class Permanent(AppendOnly):
    """An append-only model whose rows are not deleted either."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raise TypeError."""
        raise TypeError(self.unchanging)
