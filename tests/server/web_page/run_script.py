"""Run files of `server/web/tests/browser`: `python -m tests.server.web_page.run_script NAME…`.

With no name, the server runs until Ctrl-C, and what the specs need is printed.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.server.web_page.browsers import missing, run_in_browser
from tests.server.web_page.market_server import Control, market_server


def _wait(control: Control) -> int:
    print(f"LIQBANDS_URL={control.web.url} LIQBANDS_CONTROL={control.url}", flush=True)  # noqa: T201
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return 0


def main(names: list[str]) -> int:
    """Run the files; return 1 if one fails."""
    lacking = missing()
    if lacking:
        print(f"Skipped: {lacking}")  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory() as folder, market_server(Path(folder)) as control:
        if not names:
            return _wait(control)
        done = run_in_browser(names, control)
        print(done.stdout)  # noqa: T201
        return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
