"""Invented managers for the demo state: most units have one, and every case of İYEM occurs.

Everybody here is made up, has a national id that is right by its checksum and given to nobody
(`accounts.demo`), and is marked as demo.
"""

from iyem.demo.load import load

__all__ = ["load"]
