"""A small body of legislation for the demo state.

Numbers, dates and Gazettes of the laws are facts. The texts are none: a few sentences in our own
words for each, marked as excerpts on every page.
"""

from kms.demo.load import load

__all__ = ["load"]
