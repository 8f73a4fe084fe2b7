"""What the page is built from is pinned, and says nothing about where it came from."""

import json
import re
from typing import Any

from tests.server.web_page.browsers import WEB

LOCK = (WEB / "package-lock.json").read_text()


def package() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((WEB / "package.json").read_text())
    return document


def test_the_lock_file_holds_no_address() -> None:
    assert "://" not in LOCK


def test_every_package_is_locked_by_its_digest() -> None:
    locked = json.loads(LOCK)["packages"]
    assert [name for name, one in locked.items() if name and not one.get("integrity")] == []


def test_packages_are_named_with_one_version_each() -> None:
    named = package()["dependencies"] | package()["devDependencies"]
    assert [one for one in named.values() if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []


def test_few_packages_reach_the_browser() -> None:
    assert sorted(package()["dependencies"]) == ["fancy-canvas", "lightweight-charts"]
