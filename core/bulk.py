"""Loads and changes many plain rows at once: COPY on PostgreSQL, one prepared statement elsewhere.

For rows that are worked out here, without defaults, signals or history; keys are read back.
Django's bulk_update builds a CASE of every row and field, which takes minutes for 10,000 rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

ENOUGH = 500  # below this bulk_create is as good, and gives the keys


def load_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows in the order of `fields` (attribute names); dicts and lists become JSON."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_columns(model, fields))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, columns, rows)
            return
        marks = ", ".join(["%s"] * len(fields))
        # Names come from the model, values are parameters.
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(statement, [[_plain(value) for value in row] for row in rows])


def update_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `fields` (attribute names) of rows; each begins with the primary key of its row."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))  # type: ignore[union-attr]
    columns = _columns(model, fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = quote(f"wanted_{model._meta.db_table}")
            named = ", ".join([key, *columns])
            cursor.execute(
                f"CREATE TEMPORARY TABLE {wanted} ON COMMIT DROP AS "  # noqa: S608
                f"SELECT {named} FROM {table} WITH NO DATA"
            )
            _copy(cursor, wanted, named, rows)
            settings = ", ".join(f"{column} = {wanted}.{column}" for column in columns)
            cursor.execute(
                f"UPDATE {table} SET {settings} FROM {wanted} "  # noqa: S608
                f"WHERE {table}.{key} = {wanted}.{key}"
            )
            cursor.execute(f"DROP TABLE {wanted}")
            return
        settings = ", ".join(f"{column} = %s" for column in columns)
        statement = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608
        cursor.executemany(
            statement, [[*(_plain(value) for value in row[1:]), row[0]] for row in rows]
        )


def _columns(model: type[models.Model], fields: Sequence[str]) -> list[str]:
    names = {field.attname: field.column for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(str(names[name])) for name in fields]


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_json(value) for value in row])


def _json(value: Any) -> Any:
    return json.dumps(value) if type(value) in (dict, list) else value


def _plain(value: Any) -> Any:
    """Return the value as SQLite keeps it."""
    if type(value) is dt.datetime:
        return connection.ops.adapt_datetimefield_value(value)
    adapt = _ADAPTED.get(type(value))
    return value if adapt is None else adapt(value)


_ADAPTED: dict[type, Callable[[Any], Any]] = {
    dt.date: dt.date.isoformat,
    Decimal: str,
    UUID: lambda value: value.hex,
    dict: json.dumps,
    list: json.dumps,
}
