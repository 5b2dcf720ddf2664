"""Every state change of KMS. Keyword-only, `actor=`, one transaction."""

from kms.services.decisions import Decision, decide_relations
from kms.services.instruments import (
    FACTS,
    amend_instrument,
    make_public,
    record_instrument,
    set_commencements,
)
from kms.services.relations import relate, resolve_references, undo_relation
from kms.services.texts import (
    change_draft,
    draft_text,
    publish_prepared,
    publish_text,
    put_into_force,
    return_text,
    submit_text,
    withdraw_text,
)

__all__ = [
    "FACTS",
    "Decision",
    "amend_instrument",
    "change_draft",
    "decide_relations",
    "draft_text",
    "make_public",
    "publish_prepared",
    "publish_text",
    "put_into_force",
    "record_instrument",
    "relate",
    "resolve_references",
    "return_text",
    "set_commencements",
    "submit_text",
    "undo_relation",
    "withdraw_text",
]
