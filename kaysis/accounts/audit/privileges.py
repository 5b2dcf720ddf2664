"""What the application's database role may do: everything it needs, and never alter the trail.

The tables belong to the owner role, which only migrates. The runtime role reads and writes the
ordinary tables; in append-only tables it reads and adds. It owns nothing, so it can neither drop a
table nor disable a trigger.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.utils import CursorWrapper
from pghistory.models import Context, Event

from kaysis.accounts.audit.tracking import append_only_labels

READ_AND_ADD = "SELECT, INSERT"
READ_AND_WRITE = "SELECT, INSERT, UPDATE, DELETE"
# ANALYZE after a bulk load, LOCK TABLE, REFRESH MATERIALIZED VIEW; new in PostgreSQL 17.
MAINTAIN_SINCE = 170_000

# pgtrigger lets a session switch its triggers off by a setting. Left alone, the application's role
# could write without leaving a trail; from now on only the owner of the database can.
_IGNORE_FUNCTION = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    ignored text := current_setting('pgtrigger.ignore', true);
BEGIN
    IF ignored IS NULL OR ignored = '' THEN
        RETURN false;
    END IF;
    RETURN trigger_name = ANY (ignored::text[]) AND pg_has_role(
        current_user,
        (SELECT datdba FROM pg_database WHERE datname = current_database()),
        'USAGE'
    );
END $$
"""

_OWN_RELATIONS = """
SELECT c.relname, c.relkind = 'S' FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace
  AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND pg_has_role(current_user, c.relowner, 'USAGE')
"""


def append_only_tables() -> set[str]:
    """The tables of the audit trail and of everything else that is written once."""
    event_models = {
        model
        for model in apps.get_models()
        if issubclass(model, Event) and model._meta.managed and not model._meta.proxy
    }
    declared: set[type[models.Model]] = {apps.get_model(label) for label in append_only_labels}
    return {model._meta.db_table for model in event_models | declared | {Context}}


def grant_app_role(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Give `settings.DATABASE_APP_ROLE` its rights; idempotent. Runs as the owner, after `migrate`.

    Returns False, having changed nothing, where that role does not exist or is the one that asks
    (a database with a single role cannot keep the trail from it; a system check says so).
    """
    connection = connections[using]
    role = settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute(_IGNORE_FUNCTION)
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role]
        )
        if cursor.fetchone()[0] == 0:
            return False
        cursor.execute(_OWN_RELATIONS)
        relations = cursor.fetchall()
        _grant(cursor, connection, role, relations)
    return True


def _grant(
    cursor: CursorWrapper, connection: Any, role: str, relations: list[tuple[str, bool]]
) -> None:
    quote = connection.ops.quote_name
    restricted = append_only_tables()
    sequences = [quote(name) for name, is_sequence in relations if is_sequence]
    tables = [name for name, is_sequence in relations if not is_sequence]
    to = f"TO {quote(role)}"
    ordinary = [quote(name) for name in tables if name not in restricted | {"django_migrations"}]
    audit = [quote(name) for name in tables if name in restricted]
    rights = READ_AND_WRITE
    if connection.pg_version >= MAINTAIN_SINCE:
        rights += ", MAINTAIN"
    cursor.execute(f"GRANT USAGE ON SCHEMA public {to}")
    if sequences:
        cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {', '.join(sequences)} {to}")
    cursor.execute(f"GRANT {rights} ON {', '.join(ordinary)} {to}")
    cursor.execute(f"REVOKE ALL ON django_migrations FROM {quote(role)}")
    cursor.execute(f"GRANT SELECT ON django_migrations {to}")
    cursor.execute(f"REVOKE ALL ON {', '.join(audit)} FROM {quote(role)}, PUBLIC")
    cursor.execute(f"GRANT {READ_AND_ADD} ON {', '.join(audit)} {to}")
