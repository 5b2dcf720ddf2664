"""Structured logs: JSON in production, readable at the desk, personal data in neither."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.types import Processor

NATIONAL_ID = re.compile(r"(?<!\d)[1-9]\d{10}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<!\d)(?:\+?90[ -]?|0)[ (]?5\d{2}[ )-]*\d{3}[ -]?\d{2}[ -]?\d{2}(?!\d)")
# Numbers of requests and jobs (uuid): whatever digits they hold, they name nobody.
MACHINE_ID = re.compile(r"\b([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
QUERY_STRING = re.compile(r"(?<=[\w/])\?[^\s\"'<>\])]+")

_MAX_DEPTH = 6


def scrub_text(text: str) -> str:
    """`text` without national ids, e-mail addresses, mobile numbers and query strings.

    A query string is cut whole: people search for names.
    """
    text = QUERY_STRING.sub("?…", text)
    text = EMAIL.sub("[e-posta]", text)
    # Every second piece is a machine's number.
    return "".join(
        piece if place % 2 else PHONE.sub("[telefon]", NATIONAL_ID.sub("[kimlik no]", piece))
        for place, piece in enumerate(MACHINE_ID.split(text))
    )


def _scrub(value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and abs(value) < 10**10:
        return value
    if depth >= _MAX_DEPTH:
        return "…"
    if isinstance(value, dict):
        return {_scrub(key, depth + 1): _scrub(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrub(item, depth + 1) for item in value]
    return scrub_text(str(value))


def scrub(
    logger: Any, method: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The processor; it stands last before the renderer, so that tracebacks pass through it too."""
    return {key: _scrub(value) for key, value in event_dict.items() if not key.startswith("_")}


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


def _formatter(renderer: Processor) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [*SHARED, structlog.stdlib.ExtraAdder(allow=[])],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            scrub,
            renderer,
        ],
    }


def configure(*, json: bool, level: str = "INFO") -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": _formatter(renderer)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Without handlers of their own, so that every line takes the one way out above.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # One line per request is ours; Django's would carry the address with its query.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }
