"""A browser lets a page of another origin read every answer, errors included."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.server.udf.market import NOW_MS, SIM, StoredMarket
from tests.server.udf.web_server import running_server

NOW = NOW_MS // 1000
ASKED = [
    "/udf/config", "/udf//config", "/udf/time/", "/udf/symbols?symbol=NO", "/udf/history",
    f"/udf/history?symbol={SIM}&resolution=60&from=0&to={NOW}", "/udf/nothing",
]  # fmt: skip
PAGE = """<!doctype html><title>chart</title><pre id="found">waiting</pre><script>
const ask = async (path, options) => {
  try {
    const answer = await fetch(BASE + path, options);
    return [answer.status, await answer.text()];
  } catch (error) {
    return [0, String(error)];
  }
};
(async () => {
  const found = [];
  for (const path of ASKED) found.push(await ask(path, {credentials: 'same-origin'}));
  found.push(await ask('/udf/time', {headers: {'X-Token': 'asks first'}}));
  document.getElementById('found').textContent = JSON.stringify(found);
})();
</script>"""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without a log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def chromium() -> str:
    """Return a browser, or skip."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
    return found or pytest.skip("no Chromium: install it to see what browsers allow")


@pytest.fixture
def page(tmp_path: Path, market: StoredMarket) -> Iterator[str]:
    """Return the address of a page that asks a server of another origin."""
    with running_server(store=market.store.name) as base:
        text = f"<script>const BASE = '{base}', ASKED = {json.dumps(ASKED)};</script>{PAGE}"
        (tmp_path / "page.html").write_text(text)
        handler = partial(QuietHandler, directory=str(tmp_path))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as pages:
            threading.Thread(target=pages.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{pages.server_port}/page.html"
            pages.shutdown()


def test_a_page_of_another_origin_reads_every_answer(
    chromium: str, page: str, tmp_path: Path
) -> None:
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000",
        f"--user-data-dir={tmp_path}/profile", "--dump-dom", page,
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - the browser as installed
        command, capture_output=True, text=True, timeout=60, check=True
    )
    shown = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert shown
    found = json.loads(unescape(shown[1]))
    assert [status for status, _ in found] == [200, 200, 200, 404, 400, 200, 404, 200]
    assert json.loads(found[3][1])["s"] == "error"
    assert len(json.loads(found[5][1])["t"]) == 73
