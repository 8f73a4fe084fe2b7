"""Open a store, making or updating its tables first."""

from sqlalchemy import String, column, inspect, select, table

from liqbands.errors import LiqbandsError
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VERSION, VERSION_TABLE


def open_store(address: str) -> Store:
    """Return a store whose tables are those of this version.

    Parameters
    ----------
    address : str
        Path of a SQLite file, or a ``postgresql://`` address.

    Returns
    -------
    Store
        Ready for reading and writing.

    Raises
    ------
    StoreError
        If it cannot be opened, or was written by a later version.
    """
    store = Store(address)
    try:
        if not _is_of_this_version(store):
            from liqbands_server.store.migrations.upgrading import upgrade  # slow: alembic

            upgrade(store)
    except LiqbandsError:
        store.close()
        raise
    return store


def _is_of_this_version(store: Store) -> bool:
    version = select(column("version_num", String)).select_from(table(VERSION_TABLE))
    with store.reading() as connection:
        known = inspect(connection).has_table(VERSION_TABLE)
        return known and connection.execute(version).scalar() == VERSION
