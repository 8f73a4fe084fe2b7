"""Opening a store by address: a file is SQLite in WAL mode, ``postgresql://…`` is PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from liqbands_server.errors import StoreError

BUSY_MS: Final = 15_000
"""How long a writer waits for another one."""

CHANNEL: Final = "liqbands"
"""On which PostgreSQL tells of commits."""

_WRITER: Final = 0x6C69_7162
"""Key of PostgreSQL's lock that writers take."""


_CONNECT_SECONDS: Final = 10
_MOST_CONNECTIONS: Final = 32
"""Of one process; a question holds one for milliseconds."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)


class Store:
    """A database with the project's tables.

    Parameters
    ----------
    address : str
        Path of a SQLite file, or a ``postgresql://`` address.
    busy_ms : int
        How long a writer waits for another one, milliseconds.

    Raises
    ------
    StoreError
        If the address cannot be read or its folder cannot be made; by its methods, if the
        database does not answer.
    """

    def __init__(self, address: str, busy_ms: int = BUSY_MS) -> None:
        self.url = store_url(address)
        self.is_file = self.url.get_backend_name() == "sqlite"
        if self.is_file:
            _make_folder(Path(str(self.url.database)))
        self._busy_ms = busy_ms
        self.engine: Engine = _engine(self.url, busy_ms)

    @property
    def name(self) -> str:
        """Return the address without its password."""
        if self.is_file:
            return str(self.url.database)
        return self.url.difference_update_query(["password"]).render_as_string()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store."""
        with self._opened() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose writes are committed together, or not at all.

        One writer at a time, as SQLite has it: so changes are numbered in the order in which
        they become visible.
        """
        with self._opened() as opened:
            connection = opened.execution_options(writes=True)
            if not self.is_file:
                connection = connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                if not self.is_file:
                    connection.execute(text(f"SET LOCAL lock_timeout = {self._busy_ms:d}"))
                    connection.execute(select(func.pg_advisory_xact_lock(_WRITER)))
                    connection.execute(text(f"NOTIFY {CHANNEL}"))  # heard at the commit
                yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DatabaseError, NoneFreeError) as error:
            raise StoreError(f"store {self.name} does not answer: {_reason(error)}") from error


def store_url(address: str) -> URL:
    """Return the database's address in SQLAlchemy's form.

    Parameters
    ----------
    address : str
        Path of a SQLite file, or a ``postgresql://`` address.

    Returns
    -------
    URL
        With the driver named.

    Raises
    ------
    StoreError
        If it is neither.

    Examples
    --------
    >>> store_url("postgresql://me:secret@db/liqbands").render_as_string()
    'postgresql+psycopg://me:***@db/liqbands'
    >>> store_url("/data/liqbands.db").render_as_string()
    'sqlite:////data/liqbands.db'
    """
    if "://" not in address:
        return URL.create("sqlite", database=str(Path(address).expanduser()))
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError("store address cannot be read; use a path or postgresql://…") from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    raise StoreError(f"store must be a file or a postgresql:// address, was {url.drivername}://…")


def _reason(error: DatabaseError | NoneFreeError) -> str:
    cause = error.orig if isinstance(error, DatabaseError) else error
    return next(iter(str(cause).strip().splitlines()), type(cause).__name__)


def _engine(url: URL, busy_ms: int) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, max_overflow=_MOST_CONNECTIONS)
        _follow_transactions(engine, busy_ms)
        return engine
    return create_engine(
        url,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
        isolation_level="REPEATABLE READ",
        max_overflow=_MOST_CONNECTIONS,
        paramstyle="format",
        pool_pre_ping=True,
    )


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"folder {path.parent} cannot be made: {error.strerror}") from error


def _follow_transactions(engine: Engine, busy_ms: int) -> None:
    """Leave transactions to us: readers begin plainly, writers take the lock at once."""

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in (f"PRAGMA busy_timeout={busy_ms:d}", *_PRAGMAS):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
