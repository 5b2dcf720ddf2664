"""Server processes settle once they have loaded everything."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
# In a process of its own: what is settled stays so.
PROGRAM = """
import gc, runpy
before = gc.get_freeze_count()
runpy.run_path("deploy/gunicorn.conf.py")["post_worker_init"](None)
print(before, gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 10_000, gc.isenabled())
"""


def test_a_worker_settles_before_it_serves():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["0", "True", "True", "True"]
