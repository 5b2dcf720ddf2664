"""What the templates of templates/common/ are given: small values, filled in by views."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaysis.common.types import Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of an identity card (common/card.html). Left out when the value is empty."""

    label: Text
    value: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened (common/timeline.html). `tone` as for badges.

    `path` tells what it happened to from its namesakes: (name, url or None) from the top.
    """

    date: dt.date
    title: Text
    text: Text = ""
    url: str = ""
    label: Text = ""
    tone: str = "neutral"
    by: Text = ""
    path: Sequence[tuple[Text, str | None]] = ()
