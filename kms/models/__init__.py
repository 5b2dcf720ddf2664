"""KMS models: instruments, their texts, the relations between them."""

from kms.models.instrument import LAST_TEXTS_FROM, Instrument, Reference
from kms.models.relation import Commencement, Relation
from kms.models.text import Passage, Provision, TextVersion
from kms.models.types import (
    INVERSE,
    RANKS,
    SHORT,
    SLUGS,
    STATUS_TONES,
    TYPE_OF_SLUG,
    VERBS,
    EditState,
    InstrumentType,
    OpenType,
    Origin,
    RelationKind,
    Scope,
    Status,
    VersionKind,
    Violation,
)

__all__ = [
    "INVERSE",
    "LAST_TEXTS_FROM",
    "RANKS",
    "SHORT",
    "SLUGS",
    "STATUS_TONES",
    "TYPE_OF_SLUG",
    "VERBS",
    "Commencement",
    "EditState",
    "Instrument",
    "InstrumentType",
    "OpenType",
    "Origin",
    "Passage",
    "Provision",
    "Reference",
    "Relation",
    "RelationKind",
    "Scope",
    "Status",
    "TextVersion",
    "VersionKind",
    "Violation",
]
