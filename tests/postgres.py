"""A PostgreSQL of the tests' own: started from installed programs, gone when the tests end."""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

ACCOUNT = "postgres"
"""Who runs the server when we are root, which it refuses to run as."""

_FOLDERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"
_OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "fsync": "off",
    "full_page_writes": "off",
}


def find_programs() -> Path | None:
    """Return the folder of initdb and postgres, the newest one of several."""
    in_path = shutil.which("initdb")
    if in_path and Path(in_path).resolve().with_name("postgres").is_file():
        return Path(in_path).resolve().parent
    found = [place for each in _FOLDERS for place in Path("/").glob(each.lstrip("/"))]
    return max((place for place in found if (place / "postgres").is_file()), default=None)


@contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """Run a server that listens on a socket in a folder of its own; give its address."""
    with TemporaryDirectory(prefix="liqbands-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, ACCOUNT)
        data = folder / "data"
        initialise = [f"{programs}/initdb", f"--pgdata={data}", "--username=liqbands"]
        initialise += ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
        _run(initialise, folder)
        options = {**_OPTIONS, "unix_socket_directories": name}
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(  # noqa: S603 - installed programs
                [*_account(), f"{programs}/postgres", "-D", str(data), *settings],
                stdout=log, stderr=log, cwd=folder,
            )  # fmt: skip
        try:
            address = f"postgresql://liqbands@/postgres?host={name}"
            _wait_for(address, server, folder / "log")
            yield address
        finally:
            _stop(server)


@contextmanager
def empty_schema(server: str) -> Iterator[str]:
    """Make a schema of its own for one test; give the address that leads into it."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def _account() -> list[str]:
    """Return the words before a command that make it run as another user and end with us."""
    switch = shutil.which("setpriv")
    if os.getuid() != 0:
        return [switch, "--pdeathsig=INT"] if switch else []
    if switch:
        words = [f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups", "--pdeathsig=INT"]
        return [switch, *words]
    return ["runuser", "-u", ACCOUNT, "--"]


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(  # noqa: S603 - installed programs
        [*_account(), *command], cwd=folder, check=True, timeout=60, stdout=subprocess.DEVNULL
    )


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(address).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-500:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # ends the connections, too
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
