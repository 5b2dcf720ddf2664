"""Putting a national id in, and taking it out: the second leaves a record before it happens."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BinaryField, Func, Value

from kaysis.accounts import cipher
from kaysis.accounts.audit import context
from kaysis.accounts.models import NationalIdAccess, Person
from kaysis.accounts.permissions import may_reveal


def set_national_id(person: Person, value: str) -> None:
    """Fill both fields of an unsaved or saved person; `value` is a valid id."""
    person.national_id_hash = cipher.fingerprint(value)
    person.national_id_encrypted = cipher.encrypt(value)


@transaction.atomic
def encrypt_anew(*, limit: int) -> int:
    """Encrypt at most `limit` ids that an older key encrypted with the first one.

    Returns how many; 0 when none is left. Several may run at once.
    """
    header = cipher.current_header()
    begins = Func(
        "national_id_encrypted",
        Value(1),
        Value(len(header)),
        function="substr",
        output_field=BinaryField(),
    )
    older = (
        Person.objects.alias(header=begins)
        .exclude(header=header)
        .select_for_update(skip_locked=True)
        .order_by("pk")[:limit]
    )
    people = list(older)
    for person in people:
        value = cipher.decrypt(person.national_id_encrypted, person.national_id_hash)
        person.national_id_encrypted = cipher.encrypt(value)
    Person.objects.bulk_update(people, ["national_id_encrypted"])
    return len(people)


def reveal_national_id(*, actor: Person, person: Person, purpose: str) -> str:
    """The national id in clear, after the look at it has been recorded and committed.

    Durable: refuses to run inside another transaction, whose rollback would erase the record.
    `PermissionDenied` unless a rule allows it; `ValidationError` without a purpose.
    """
    if not may_reveal(actor, person):
        raise PermissionDenied
    with transaction.atomic(durable=True):
        now = context.current()
        access = NationalIdAccess(
            actor=actor,
            person=person,
            purpose=purpose.strip(),
            ip_address=now.get("ip"),
            request_id=now.get("request_id", ""),
        )
        access.full_clean()
        access.save()
    return cipher.decrypt(person.national_id_encrypted, person.national_id_hash)
