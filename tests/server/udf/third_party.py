"""The third-party UDF client: fetched when the tests run, checked, never part of the project."""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "@orderly.network/trading-view"
VERSION = "1.5.17"
SHA512 = "6P+faldBE6w7y3k/F1VovT5nuIvdQwIXUfLhHOAnMBRL0NXfxJoALJvk+nN2wEMAIfm4ASQ3y0c47uiYX/+Idw=="

_PROJECT = Path(__file__).parents[3]
_FOLDER = _PROJECT / ".cache" / "udf-client"
_DRIVER = Path(__file__).parent / "node"


class ThirdPartyClient:
    """Runs the client under Node.

    Parameters
    ----------
    node : str
        The program.
    folder : Path
        The unpacked package.
    """

    def __init__(self, node: str, folder: Path) -> None:
        self._node = node
        self._folder = folder

    def run(self, base: str, *steps: list[object]) -> dict[str, Any]:
        """Return what the steps gave, and the promises that nobody handled."""
        command = [
            self._node, "--import", str(_DRIVER / "register.mjs"), str(_DRIVER / "client.mjs"),
            str(self._folder), base, json.dumps(steps),
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603 - our own driver
            command, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


def fetch_client() -> ThirdPartyClient:
    """Return the client, or skip the test where it cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node: install node and npm to run the third-party UDF client")
    package = _FOLDER / VERSION / "package"
    if not (package / "dist" / "index.mjs").is_file():
        _unpack(_download(npm), package.parent)
    return ThirdPartyClient(node, package)


def _download(npm: str) -> Path:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(  # noqa: S603 - npm as installed
            [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            cwd=_FOLDER, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip(f"{PACKAGE} could not be downloaded within a minute")
    if done.returncode != 0:
        pytest.skip(f"{PACKAGE} could not be downloaded: {done.stderr.strip()[-200:]}")
    return _FOLDER / done.stdout.split()[-1]


def _unpack(archive: Path, folder: Path) -> None:
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert found == SHA512, f"{archive} is not the package that was reviewed; delete it"
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
