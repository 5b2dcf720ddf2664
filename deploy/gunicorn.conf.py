"""How gunicorn serves the portal in production. Every number can be set by the environment."""

import logging.config
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from gunicorn import glogging
from prometheus_client import multiprocess

# gunicorn puts the portal on the path only after it has read this.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kaysis.common import logs, memory

bind = os.environ.get("GUNICORN_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
# Pages wait for the database more than they compute: threads use that time.
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once, before the processes part: one that is replaced serves at once, and they share what
# they never change.
preload_app = True
timeout = int(os.environ.get("WEB_TIMEOUT", "60"))
graceful_timeout = 30
keepalive = (
    75  # longer than the proxy keeps an idle connection, so that it never meets a closed one
)
# Memory that a long life collects is given back; the jitter keeps workers from leaving together.
max_requests = 5000
max_requests_jitter = 500
# A file each worker touches to show that it lives: in memory, so that no slow disk stops it.
worker_tmp_dir = "/dev/shm"  # noqa: S108 (gunicorn makes it safely)
control_socket_disable = True
# Who may call is settled by TRUSTED_PROXIES; gunicorn itself believes nobody's headers about the
# scheme, which Django reads from X-Forwarded-Proto.
forwarded_allow_ips = ""
# The portal writes a line per request itself, with the request's number and no personal data.
accesslog = None


class Logger(glogging.Logger):
    """What gunicorn says takes the portal's way out: JSON, and without the query of a request that
    broke off, which is what somebody searched for."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


logging.config.dictConfig(logs.configure(json=True, level=os.environ.get("LOG_LEVEL", "INFO")))
logger_class = Logger
# The counters of the processes: must be there before the portal is loaded.
if counters := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    Path(counters).mkdir(parents=True, exist_ok=True)


def on_starting(server: Any) -> None:
    """Workers share their counters through files; those of an earlier life must not be added."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(parents=True)


def when_ready(server: Any) -> None:
    """Addresses and views are loaded by the first request: here once for all processes."""
    from django.urls import resolve  # noqa: PLC0415 — not before the portal is loaded

    resolve("/")


def post_worker_init(worker: Any) -> None:
    """The worker has loaded the portal and serves from now on."""
    memory.settle()


def child_exit(server: Any, worker: Any) -> None:
    """What a worker that is gone was doing just now counts no more."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)
