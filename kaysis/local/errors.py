"""The one error the command line shows without a traceback."""


class LocalError(Exception):
    """A message for the person at the keyboard: what is wrong and what to do about it."""
