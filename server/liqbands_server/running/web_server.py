"""gunicorn as this project runs it: any number of equal, stateless workers on one store."""

import logging
import os
import shutil
import socket
import struct
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships none
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # ships none

from liqbands_server.running.logs import set_up_logging
from liqbands_server.running.memory import give_memory_back
from liqbands_server.settings import Settings

WORKER_CLASS: Final = "gthread"
METRICS_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Tells prometheus-client where the workers of one server put their counts."""

_KEPT_CONNECTIONS: Final = 1_000
"""Clients of one worker that are connected and ask nothing at the moment."""

_SILENT_SECONDS: Final = 20
"""A client that neither sends nor takes a byte for so long is let go."""

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn makes a private file in it
_SERVER_ERROR: Final = 500
_NOT_READY: Final = 503


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """A gunicorn server with the project's settings.

    Parameters
    ----------
    settings : Settings
        Address, workers, threads.
    application : str
        ``module:function`` that makes the Flask application from the settings.
    metrics_folder : str
        Where the workers' counts lie; removed when the server ends.
    """

    def __init__(self, settings: Settings, application: str, metrics_folder: str) -> None:
        self._settings = settings
        self._application = application
        self._metrics_folder = metrics_folder
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings to gunicorn."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; called in each worker."""
        application: Flask = resolve_name(self._application)(self._settings)
        return application

    def _options(self) -> dict[str, Any]:
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return {
            "bind": f"{host}:{settings.port}",
            "workers": settings.workers,
            "threads": settings.threads + settings.max_streams,
            "worker_connections": settings.threads + settings.max_streams + _KEPT_CONNECTIONS,
            "worker_class": WORKER_CLASS,
            "worker_tmp_dir": str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None,
            "preload_app": False,
            "timeout": 60,
            "graceful_timeout": 2,  # streams never end by themselves
            "keepalive": 15,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "control_socket_disable": True,
            "loglevel": settings.log_level,
            "logger_class": WebLog,
            "when_ready": _drop_silent_clients,
            "child_exit": _forget_worker,
            "on_exit": lambda _: shutil.rmtree(self._metrics_folder, ignore_errors=True),
        }


class WebLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Sends what gunicorn says to the log of the process, and requests that failed."""

    def setup(self, cfg: Any) -> None:
        """Take over gunicorn's settings.

        Parameters
        ----------
        cfg : gunicorn.config.Config
            The effective ones.
        """
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel(max(logging.getLogger().level, logging.DEBUG))

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        """Log a request: one that failed always, others when debugging.

        Parameters
        ----------
        resp, req, environ : object
            gunicorn's response and request, and the WSGI environment.
        request_time : timedelta
            How long it took.
        """
        status = resp.status_code or _SERVER_ERROR  # none when the client had gone
        failed = status >= _SERVER_ERROR and status != _NOT_READY
        level = logging.ERROR if failed else logging.DEBUG
        if self.error_log.isEnabledFor(level):
            path = environ.get("PATH_INFO", "")
            said = {"status": status, "seconds": request_time.total_seconds()}
            self.error_log.log(level, "%s %s", req.method, path, extra=said)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log an error with its traceback, unless it is a client that fell silent.

        Parameters
        ----------
        msg : str
            What went wrong.
        *args, **kwargs : object
            As `logging` takes them.
        """
        if isinstance(sys.exception(), BlockingIOError):
            self.error_log.debug("a client fell silent")
        else:
            self.error_log.exception(msg, *args, **kwargs)

    def reopen_files(self) -> None:
        """Do nothing: standard error stays open."""


def serve_web(settings: Settings, application: str) -> None:
    """Answer requests until told to stop.

    Parameters
    ----------
    settings : Settings
        The effective configuration.
    application : str
        ``module:function`` that makes the Flask application from the settings.
    """
    set_up_logging(settings, "web")
    give_memory_back()
    folder = tempfile.mkdtemp(prefix="liqbands-metrics-")
    os.environ[METRICS_VARIABLE] = folder  # before prometheus-client is imported
    WebServer(settings, application, folder).run()


def _drop_silent_clients(server: Any) -> None:
    """Give the listening sockets time limits, which the connections inherit."""
    limit = struct.pack("ll", _SILENT_SECONDS, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)


def _forget_worker(_: Any, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # ships few types
