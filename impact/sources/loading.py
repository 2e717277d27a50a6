"""Bulk loading: COPY on PostgreSQL, batched inserts elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH = 5_000


def load_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Append rows to a model's table inside the caller's transaction; return how many.

    `fields` are attribute names (foreign keys as `area_id`); no signal is sent and nothing is
    validated beyond the table's own constraints.
    """
    if connection.vendor == "postgresql":
        return _copy(model, fields, rows)
    loaded = 0
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        model._default_manager.bulk_create(
            (model(**dict(zip(fields, row, strict=True))) for row in batch), batch_size=BATCH
        )
        loaded += len(batch)
    return loaded


def _copy(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    from psycopg import sql

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, fields))
    )
    loaded = 0
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            loaded += 1
    return loaded
