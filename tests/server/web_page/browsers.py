"""Node, Chromium and the specs, where they are; and how specs are run."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.server.web_page.market_server import Control

from liqbands_server.web import chart_page

WEB = Path(__file__).parents[3] / "server" / "web"
SPECS = sorted(path.name for path in (WEB / "tests" / "browser").glob("*.spec.ts"))
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_PATIENCE_SECONDS = 240


def chromium() -> str | None:
    """Return the browser that $CHROMIUM names, or one of the system."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)


def missing() -> str:
    """Return what the browser tests lack, empty if nothing."""
    if shutil.which("node") is None:
        return "no Node: install Node 20 or newer to test the chart page"
    if chromium() is None:
        return "no Chromium: install chromium-headless-shell to test the chart page"
    if not (WEB / "node_modules" / "vitest").is_dir() or not chart_page.FOLDER.is_dir():
        return "the chart page is not built: `make web` builds it"
    return ""


def run_in_browser(
    names: list[str], control: Control, *options: str
) -> subprocess.CompletedProcess[str]:
    """Run files of tests/browser against a running server, one after the other."""
    command = [
        "node", "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.browser.config.ts",
        *options, *(f"tests/browser/{name}" for name in names),
    ]  # fmt: skip
    own = {
        "CHROMIUM": chromium() or "",
        "LIQBANDS_URL": control.web.url,
        "LIQBANDS_CONTROL": control.url,
        "NO_COLOR": "1",
    }
    return subprocess.run(  # noqa: S603 - our own specs
        command,
        cwd=WEB,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def failures_by_spec(control: Control, report: Path) -> dict[str, list[str]]:
    """Run all specs in one go; return what failed in each, nothing where all went well."""
    done = run_in_browser(SPECS, control, "--reporter=json", f"--outputFile={report}")
    assert report.exists(), done.stdout
    files = json.loads(report.read_text())["testResults"]
    return {Path(one["name"]).name: _failures(one) for one in files}


def _failures(file: dict[str, Any]) -> list[str]:
    tests = [one for one in file["assertionResults"] if one["status"] == "failed"]
    failed = [(one["fullName"], *one["failureMessages"]) for one in tests]
    said = [file["message"]] if file["status"] == "failed" and not failed else []
    return said + ["\n".join(lines) for lines in failed]
