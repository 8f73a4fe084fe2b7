"""Opening: tables are made, updated or refused; wrong addresses are answered in one line."""

import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from liqbands_server.errors import StoreError
from liqbands_server.store import migrations
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store, store_url
from liqbands_server.store.tables import VERSION, VERSION_TABLE, metadata

OPEN = "import sys; from liqbands_server.store.opening import open_store; open_store(sys.argv[1])"


def set_version(store: Store, version: str) -> None:
    with store.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))  # noqa: S608 - ours


def run_python(code: str, address: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-c", code, address], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def tables_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {re.sub(r"[\s\"]+", "", sql) for (sql,) in found if VERSION_TABLE not in sql}


def test_migrations_lead_to_the_tables_of_this_version(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_migrations_make_the_very_same_sqlite_tables(tmp_path: Path) -> None:
    migrated, made = open_store(str(tmp_path / "migrated.db")), Store(str(tmp_path / "made.db"))
    with made.writing() as connection:
        metadata.create_all(connection)
    for each in (migrated, made):
        each.close()
    assert tables_of(tmp_path / "migrated.db") == tables_of(tmp_path / "made.db")


def test_the_version_is_that_of_the_last_migration() -> None:
    assert ScriptDirectory(Path(migrations.__path__[0])).get_current_head() == VERSION


def test_a_store_of_a_later_version_is_refused_and_left_alone(store: Store, address: str) -> None:
    set_version(store, "9999")
    with pytest.raises(StoreError, match=r"later version of liqbands \(tables 9999"):
        open_store(address)
    with store.reading() as connection:
        assert len(inspect(connection).get_table_names()) == len(metadata.tables) + 1


def test_a_store_before_the_first_version_is_brought_up(store: Store, address: str) -> None:
    with store.writing() as connection:
        metadata.drop_all(connection)
        connection.execute(text(f"DELETE FROM {VERSION_TABLE}"))  # noqa: S608 - ours
    open_store(address).close()
    with store.reading() as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_a_store_of_the_first_version_is_brought_up(store: Store, address: str) -> None:
    with store.writing() as connection:
        for name in ("listening", "profile", "observed_position"):
            connection.execute(text(f"DROP TABLE {name}"))
        for name in ("n_gaps", "throttled"):
            connection.execute(text(f"ALTER TABLE feed_health DROP COLUMN {name}"))
    set_version(store, "0001")
    open_store(address).close()
    with store.reading() as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())
        columns = {column["name"] for column in inspect(connection).get_columns("feed_health")}
    assert {"n_gaps", "throttled"} < columns


def test_tables_of_somebody_else_are_not_touched(address: str) -> None:
    foreign = Store(address)
    with foreign.writing() as connection:
        connection.execute(text("CREATE TABLE candle (wax TEXT)"))
    with pytest.raises(StoreError, match="'candle' that is not of liqbands"):
        open_store(address)
    with foreign.reading() as connection:
        assert inspect(connection).get_table_names() == ["candle"]
    foreign.close()


def test_a_failing_step_leaves_nothing_behind(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail = "liqbands_server.store.migrations.upgrading.MigrationContext.stamp"
    monkeypatch.setattr(fail, lambda *_: (_ for _ in ()).throw(StoreError("stopped")))
    with pytest.raises(StoreError, match="stopped"):
        open_store(address)
    monkeypatch.undo()
    empty = Store(address)
    with empty.reading() as connection:
        assert inspect(connection).get_table_names() == []
    empty.close()


def test_processes_may_open_a_new_store_together(address: str) -> None:
    started = [run_python(OPEN, address) for _ in range(2)]
    assert [(*process.communicate(timeout=30), process.returncode) for process in started] == [
        ("", "", 0)
    ] * 2


def test_threads_may_open_a_new_store_together(address: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        for store in threads.map(open_store, [address] * 6):
            store.close()


def test_opening_an_up_to_date_store_needs_no_alembic(store: Store, address: str) -> None:
    assert store.name
    opened = run_python(f"{OPEN}; print('alembic' in sys.modules)", address)
    assert opened.communicate(timeout=30) == ("False\n", "")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("buy low, sell high\n" * 100)
    with pytest.raises(StoreError, match=r"notes\.txt does not answer: file is not a database"):
        open_store(str(path))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file"):
        open_store(str(tmp_path))


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match=r"does not answer: .*127\.0\.0\.1") as told:
        open_store("postgresql://me:secret@127.0.0.1:1/x?password=hidden")
    assert "secret" not in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.mark.parametrize("address", ["mysql://localhost/x", "sqlite://", "postgres://x/y"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(StoreError, match="store must be a file or a postgresql:// address"):
        store_url(address)


def test_a_store_makes_its_folder(tmp_path: Path) -> None:
    open_store(str(tmp_path / "new" / "folder" / "store.db")).close()
    assert (tmp_path / "new" / "folder" / "store.db").is_file()
