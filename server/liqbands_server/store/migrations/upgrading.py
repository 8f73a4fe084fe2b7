"""Bring the tables of a store to this version, in one transaction."""

import threading
from pathlib import Path
from typing import Final

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from liqbands_server.errors import StoreError
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VERSION, VERSION_TABLE, metadata

_FOLDER: Final = Path(__file__).parent
_ONE_AT_A_TIME: Final = threading.Lock()
"""The steps speak to alembic's one current connection."""


def upgrade(store: Store) -> None:
    """Create the tables of an empty store, or take an older one to this version.

    Parameters
    ----------
    store : Store
        Any; several processes may do this at the same time.

    Raises
    ------
    StoreError
        If a later version or something else has written it; it is left as it is.
    """
    with _ONE_AT_A_TIME, store.writing() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        current = context.get_current_revision()
        scripts = ScriptDirectory(_FOLDER)
        if current is None:
            _refuse_other_tables(store, connection)
        elif current not in [step.revision for step in scripts.walk_revisions()]:
            raise StoreError(
                f"store {store.name} was written by a later version of liqbands (tables "
                f"{current}, this version knows {VERSION}); update liqbands or use another store"
            )
        with Operations.context(context):
            for step in reversed(list(scripts.iterate_revisions("head", current or "base"))):
                step.module.upgrade()
        context.stamp(scripts, "head")


def _refuse_other_tables(store: Store, connection: Connection) -> None:
    """Refuse to build on tables that happen to have our names."""
    there = set(inspect(connection).get_table_names()) & set(metadata.tables)
    if there:
        raise StoreError(
            f"store {store.name} holds a table {min(there)!r} that is not of liqbands; "
            "use another file or database"
        )
