"""How Django turns a session back into a person. Nobody signs in by a password."""

from django.contrib.auth.backends import BaseBackend

from kaysis.accounts.models import Person


class SessionBackend(BaseBackend):
    def get_user(self, user_id: int) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()
