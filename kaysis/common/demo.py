"""What a subsystem adds to the demo state. `load_demo` of the layer that owns units runs them all.

    demo.register("iyem", load_managers, order=20)      # in AppConfig.ready()

A loader takes nothing, does nothing where its data stands already, and says in a few words what
it loaded ("" for nothing).
"""

from collections.abc import Callable, Iterator

Loader = Callable[[], str]

_loaders: dict[str, tuple[int, Loader]] = {}


def register(key: str, loader: Loader, *, order: int = 100) -> None:
    """Add a loader; lower orders come first. Raises ValueError when the key is taken."""
    if key in _loaders:
        raise ValueError(f"there is a demo loader {key!r} already")
    _loaders[key] = (order, loader)


def load_all() -> Iterator[str]:
    """Run them, one after the other, and tell what each said."""
    for _order, loader in sorted(_loaders.values(), key=lambda each: each[0]):
        if said := loader():
            yield said
