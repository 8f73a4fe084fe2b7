"""One feed per store: a lock that ends with the process, and says who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, NullPool, create_engine, func, select, text

from liqbands_server.errors import StoreError
from liqbands_server.store.store import Store

_KEY: Final = 0x6C69_7166
_NAME_BYTES: Final = 63
"""How much PostgreSQL keeps of a connection's name."""

_HOLDER: Final = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = :key"
    " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@contextmanager
def holding(store: Store, place: str) -> Iterator[None]:
    """Hold a store's lock; a reader needs none.

    Parameters
    ----------
    store : Store
        Whose data are going to be fed.
    place : str
        Where this process can be found, for the message to a second one.

    Raises
    ------
    StoreError
        If another process holds it.
    """
    who = f"process {os.getpid()}{f' at {place}' if place else ''}"
    with _file_lock(store, who) if store.is_file else _database_lock(store, who):
        yield


@contextmanager
def _file_lock(store: Store, who: str) -> Iterator[None]:
    path = Path(f"{store.url.database}.lock")
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise _taken(store, file.read()) from error
        file.truncate(0)
        file.write(who)
        file.flush()
        yield


@contextmanager
def _database_lock(store: Store, who: str) -> Iterator[None]:
    name = f"liqbands {who}"[:_NAME_BYTES]
    engine = create_engine(
        store.url,
        connect_args={"application_name": name},
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(_KEY))).scalar():
            raise _taken(store, _holder(connection))
        yield


def _holder(connection: Connection) -> str:
    found = connection.execute(_HOLDER, {"key": _KEY}).scalar()
    return str(found or "").removeprefix("liqbands ")


def _taken(store: Store, who: str) -> StoreError:
    return StoreError(
        f"store {store.name} is in use by {who or 'another process'}; "
        "stop that one, or choose another store with --store or LIQBANDS_STORE"
    )
