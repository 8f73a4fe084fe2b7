"""The real application at a time that tests choose, with the page as it was then; for gunicorn."""

import os
from pathlib import Path

from flask import Flask
from tests.server.web_page.shared_clock import SharedTime

from liqbands_server.web import chart_page
from liqbands_server.web.app import create_app


def make_app() -> Flask:
    """Return the application as of the time in the file that CLOCK names, with the page in PAGE."""
    chart_page.FOLDER = Path(os.environ["PAGE"])  # type: ignore[misc]  # a new build may begin
    return create_app(now_ms=SharedTime(Path(os.environ["CLOCK"])).read)
