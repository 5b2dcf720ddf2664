"""Messages inside the portal."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import override

from kaysis.accounts.models import Notification, Person
from kaysis.common.types import Text


def notify(
    *, person: Person, kind: str, text: Text, url: str = "", key: str = ""
) -> Notification | None:
    """Tell one person something. `kind`: a dotted name of the sender; `url`: a path of this site.

    With a `key` it is sent once: None the second time. A lazy `text` is kept in Turkish, whatever
    language the sender happens to use.
    """
    sent = notify_everyone(people=[person], kind=kind, text=text, url=url, key=key)
    return sent[0] if sent else None


@transaction.atomic
def notify_everyone(
    *, people: Iterable[Person], kind: str, text: Text, url: str = "", key: str = ""
) -> list[Notification]:
    """The same to many, in one statement. Returns those that were sent now."""
    with override(settings.LANGUAGE_CODE):
        plain = str(text)
    people = list(people)
    if key:
        already = Notification.objects.filter(person__in=people, key=key)
        told = set(already.values_list("person_id", flat=True))
        people = [person for person in people if person.pk not in told]
    messages = [
        Notification(person=person, kind=kind, text=plain, url=url, key=key) for person in people
    ]
    for message in messages[:1]:  # they differ only in the person
        message.clean_fields(exclude=["person"])
        message.validate_constraints(exclude={"person", "key"})
    # Two workers with the same job may pass the look above together: the constraint decides.
    return Notification.objects.bulk_create(messages, ignore_conflicts=bool(key))


@transaction.atomic
def mark_read(*, actor: Person, notification: Notification) -> None:
    """The receiver has seen it. `Notification.DoesNotExist` if it is somebody else's."""
    mine = Notification.objects.select_for_update().get(pk=notification.pk, person=actor)
    if mine.read_at is None:
        mine.read_at = Now()
        mine.save(update_fields=["read_at"])


def mark_all_read(*, actor: Person) -> int:
    """All of the actor's; returns how many were unread."""
    return Notification.objects.filter(person=actor).unread().update(read_at=Now())
