"""The audit trail: who changed what, when, from where and why, before → after.

    @audited(exclude=["lft", "rght"])                                      # on a model
    with transaction.atomic(), audit.because(reason, actor=actor): …       # in a service
    kaysis.accounts.audit.history.history_of(unit)                          # in a selector

The application's database role can add to the trail, and never change or remove any of it.
`tracking` decorates models, `context` says who and why, `history` reads, `privileges` protects.
"""

from kaysis.accounts.audit.context import because
from kaysis.accounts.audit.tracking import append_only, audited

__all__ = ["append_only", "audited", "because"]
