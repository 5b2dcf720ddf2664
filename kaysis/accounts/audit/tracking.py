"""Which models leave an audit trail, and which tables only grow.

`@audited()` writes one row per insert, update and delete of the model into its own event table,
from a database trigger, so that no way of writing passes it by. `@append_only` adds the trigger
that refuses to change or remove what was written. `privileges.py` takes the rights away as well.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelType = TypeVar("ModelType", bound=type[models.Model])

# Labels ("app.model") of the tables of which the application may only read and add rows.
append_only_labels: set[str] = set()
# By label: the fields whose values the history replaces by dots.
masked_fields: dict[str, frozenset[str]] = {}

# Only the owner of the database, and only in a session that says so, may empty such a table:
# test runs do, between two tests.
_REFUSAL = """
    IF TG_OP = 'TRUNCATE'
       AND current_setting('kaysis.maintenance', true) = 'on'
       AND pg_has_role(
           current_user,
           (SELECT datdba FROM pg_database WHERE datname = current_database()),
           'USAGE'
       )
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
"""


def _refusal() -> pgtrigger.Trigger:
    """A statement trigger: it refuses even a statement that would touch no row."""
    return pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=_REFUSAL,
    )


def append_only(model: ModelType) -> ModelType:
    """Class decorator: rows of this model are written once and never changed or removed.

    Needs a migration, like a constraint. Foreign keys of such a model must be `PROTECT` or
    `DO_NOTHING`.
    """
    pgtrigger.register(_refusal())(model)
    append_only_labels.add(model._meta.label_lower)
    return model


def audited(
    *,
    exclude: Iterable[str] = (),
    masked: Iterable[str] = (),
    noted: Mapping[str, Iterable[str]] | None = None,
) -> Callable[[ModelType], ModelType]:
    """Class decorator: every insert, update and delete of this model leaves an event row.

    `exclude`: fields that are not kept at all (secrets, tree bounds, time stamps of no interest).
    An update that changes only such fields leaves no row. `masked`: fields that are kept, but
    whose values nobody is shown. `noted`: by label of the event, fields whose values are never
    kept, though it is kept that one of them changed, by whom and when (what has to be erased one
    day must not live on in a trail that nobody can alter); the label needs a word in
    `history.ACTIONS`. Adds the model `<Name>Event` to the same app: make a migration.
    """

    apart = {label: tuple(fields) for label, fields in (noted or {}).items()}
    unkept = [*exclude, *(field for fields in apart.values() for field in fields)]

    def decorate(model: ModelType) -> ModelType:
        masked_fields[model._meta.label_lower] = frozenset(masked)
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            *(
                pghistory.UpdateEvent(label, condition=pghistory.AnyChange(*fields))
                for label, fields in apart.items()
            ),
            exclude=unkept,
            # The actor is copied into each event: a row of its own would have to be updated.
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
            level=pgtrigger.Row,
            append_only=False,
            meta={"triggers": [_refusal()]},
        )(model)
        append_only_labels.add(f"{model._meta.label_lower}event")
        return model

    return decorate
