"""The audit trail: who changed what, when, from where and why, before → after.

    @audited(exclude=["lft", "rght"])          # on a model
    with audit.because("Kararname", actor=a):  # in a service, inside its transaction
    history_of(unit)                           # in a selector

The application's database role can add to the trail, and never change or remove any of it.
"""

from kaysis.accounts.audit.tracking import append_only, audited

__all__ = ["append_only", "audited"]
