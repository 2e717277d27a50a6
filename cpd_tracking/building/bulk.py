"""Loads many plain rows at once: COPY on PostgreSQL, one prepared statement elsewhere.

For rows that are worked out here, without defaults, signals or history; keys are read back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

ENOUGH = 500  # below this bulk_create is as good, and gives the keys


def load_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of dates, numbers and text in the order of `fields` (attribute names)."""
    table = connection.ops.quote_name(model._meta.db_table)
    names = {field.attname: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(str(names[name])) for name in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        # Names come from the model, values are parameters.
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(statement, [[_plain(value) for value in row] for row in rows])


def _plain(value: Any) -> Any:
    return value.isoformat() if type(value) is dt.date else value
