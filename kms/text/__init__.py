"""Reads the text of Turkish legislation: a library of its own, without Django.

``parse`` makes a lossless tree of a text; citations, comparison, rendering and statistics work
on its result. Rules of the form were taken from the consolidated texts the state publishes.
"""

from .parsing import parse

__all__ = ["parse"]
