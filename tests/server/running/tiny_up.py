"""What `liqbands up` does, with the tiny application."""

import typer

from liqbands_server.running.everything import run_everything
from liqbands_server.settings import load_settings

if __name__ == "__main__":
    run_everything(load_settings(), typer.echo, "tiny_app:make_app")
