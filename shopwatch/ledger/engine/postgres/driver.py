"""Connections of psycopg."""

from typing import Any, cast

import psycopg
from sqlalchemy import Connection


def driver_of(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
