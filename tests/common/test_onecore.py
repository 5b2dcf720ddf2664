"""A measurement on one core: this process and the part of PostgreSQL that serves it."""

import os
import subprocess
import sys

import pytest
from django.db import connection

_ASK = """
import os
import sys
import django
django.setup()
from django.db import connection
from kaysis.common import onecore
assert onecore.stay()
connection.settings_dict["NAME"] = sys.argv[1]
connection.ensure_connection()
ours = os.sched_getaffinity(0)
theirs = os.sched_getaffinity(connection.connection.info.backend_pid)
assert len(ours) == 1, ours
print("same" if ours == theirs else (ours, theirs))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no such call")
def test_process_and_server_share_a_core(db):
    if not connection.settings_dict["HOST"].startswith("/"):
        pytest.skip("the server is asked over the network: its processes are elsewhere")
    done = subprocess.run(
        [sys.executable, "-c", _ASK, connection.settings_dict["NAME"]],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "kaysis.settings.test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "same"
