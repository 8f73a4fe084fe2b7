"""The examples of the README work as they are written."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

README = Path(__file__).parents[3] / "server" / "README.md"
ADDRESS = "http://127.0.0.1:8765"
SECTION = README.read_text(encoding="utf-8").split("## HTTP API")[1].split("\n## ")[0]
OTHERS = (README.parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for line in (SECTION + OTHERS).splitlines() if line.startswith("curl ")]


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_works_as_written(address: str, command: str, tmp_path: Path) -> None:
    assert ADDRESS in command
    words = [*shlex.split(command.replace(ADDRESS, address)), "--fail", "--max-time", "20"]
    done = subprocess.run(  # noqa: S603 (our own README)
        words, cwd=tmp_path, capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    written = list(tmp_path.iterdir())
    body = written[0].read_bytes() if written else done.stdout
    if body.startswith(b"\x89PNG"):
        assert len(body) > 10_000
    elif "/pine/" in command:
        assert body.startswith(b"LH1|")
    else:
        assert json.loads(body)


def test_every_route_of_the_readme_is_served(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document is not None
    for path in document["paths"]:
        assert f"`{path}`" in SECTION
