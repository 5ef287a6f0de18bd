"""Bringing the database up to the program: wholly or not at all, whenever the power goes.

Django notes a migration in a transaction of its own when the tables want an index besides, and takes one
for each migration. A power cut in between leaves tables that the next attempt finds "already
there". So on SQLite all that is missing is one transaction.
"""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, transaction


def upgrade() -> None:
    """Apply the migrations that are missing."""
    if connection.vendor != "sqlite":
        _migrate()
        return
    # SQLite makes tables again to change them, which foreign keys would forbid; they are looked at
    # after each migration, and can be switched only outside of a transaction.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            _migrate()
    finally:
        connection.enable_constraint_checking()


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
