"""Starts a command that ends when the one who started it dies, even by `kill -9`.

`python -I -S child.py PARENT COMMAND…` becomes COMMAND. A file of its own, run as such, because
the wish has to be spoken by the child between fork and exec. Linux only; elsewhere the next
`make run` clears away what was left.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have died before we could say so.
    if os.getppid() != int(parent):
        sys.exit(1)
    os.execvp(command[0], command)
