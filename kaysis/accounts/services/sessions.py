"""Coming in and going out."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from kaysis.accounts import client
from kaysis.accounts.models import FailedSignIn, Person, SignIn
from kaysis.accounts.models.access import SignInEnd

log = structlog.get_logger("kaysis.accounts")

# Under this key the session holds the `key` of its SignIn.
SESSION_KEY = "kaysis.sign_in"
# How stale `last_seen_at` may get: each request would otherwise write.
LAST_SEEN_EVERY = timedelta(seconds=60)
UNKNOWN_METHOD = "other"


def sign_in(*, request: HttpRequest, person: Person, method: str) -> SignIn:
    """Open a session for somebody whom `method` has proved. The session gets a new key.

    `PermissionDenied`, and a record of the attempt, if the account is closed.
    """
    if not person.is_active:
        record_failure(request=request, method=method, reason="inactive", person=person)
        raise PermissionDenied
    with transaction.atomic():
        if replaced := request.session.get(SESSION_KEY):
            _end(SignIn.objects.filter(key=replaced), SignInEnd.REPLACED)
        request.sign_in_method = method  # type: ignore[attr-defined]  # for `open_sign_in`
        auth.login(request, person)
        return SignIn.objects.get(key=request.session[SESSION_KEY])


def open_sign_in(*, request: HttpRequest, person: Person) -> SignIn:
    """The row behind a session that begins; called for every log-in, however it came about."""
    now = timezone.now()
    row = SignIn.objects.create(
        person=person,
        method=getattr(request, "sign_in_method", UNKNOWN_METHOD),
        started_at=now,
        last_seen_at=now,
        ip_address=client.address(request),
        user_agent=client.user_agent(request),
    )
    request.session[SESSION_KEY] = str(row.key)
    return row


def check_session(*, request: HttpRequest) -> SignInEnd | None:
    """None if the session may go on (and is marked as seen); else why it is over.

    Asks only for the session's own row: the person is not loaded yet.
    """
    key = request.session.get(SESSION_KEY)
    if not key:
        return SignInEnd.REVOKED if auth.SESSION_KEY in request.session else None
    row = SignIn.objects.filter(key=key).first()
    if row is None or str(row.person_id) != request.session.get(auth.SESSION_KEY):
        return SignInEnd.REVOKED
    if row.ended_at is not None:
        return SignInEnd(row.end_reason)
    now = timezone.now()
    over = None
    if now - row.started_at > timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS):
        over = SignInEnd.TOO_OLD
    elif now - row.last_seen_at > timedelta(seconds=settings.SESSION_IDLE_SECONDS):
        over = SignInEnd.IDLE
    if over:
        _end(SignIn.objects.filter(pk=row.pk), over)
    elif now - row.last_seen_at > LAST_SEEN_EVERY:
        SignIn.objects.filter(pk=row.pk).update(last_seen_at=now)
    return over


def sign_out(*, request: HttpRequest) -> None:
    """End this session; harmless for a visitor."""
    key = request.session.get(SESSION_KEY)
    if key:
        _end(SignIn.objects.filter(key=key), SignInEnd.SIGN_OUT)
    auth.logout(request)


def record_failure(
    *, request: HttpRequest, method: str, reason: str, person: Person | None = None
) -> FailedSignIn:
    """A sign-in was refused. `reason` is a short code and names nobody."""
    log.warning("sign_in_refused", method=method, reason=reason)
    return FailedSignIn.objects.create(
        method=method,
        reason=reason,
        person=person,
        ip_address=client.address(request),
        user_agent=client.user_agent(request),
    )


def end_sign_in(*, actor: Person, key: UUID) -> bool:
    """The actor ends one of the own sessions; False if there is no such open session."""
    return bool(_end(SignIn.objects.filter(person=actor, key=key), SignInEnd.ENDED_ELSEWHERE))


def end_other_sign_ins(*, request: HttpRequest, actor: Person) -> int:
    """All own sessions but this one; returns how many were open."""
    others = SignIn.objects.filter(person=actor).exclude(key=request.session[SESSION_KEY])
    return _end(others, SignInEnd.ENDED_ELSEWHERE)


@transaction.atomic
def end_sessions(*, person: Person, reason: SignInEnd) -> int:
    """All sessions of a person, at once. The raised epoch ends even one that left no row."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    return _end(SignIn.objects.filter(person=person), reason)


def _end(sign_ins: models.QuerySet[SignIn], reason: SignInEnd) -> int:
    return sign_ins.filter(ended_at=None).update(ended_at=timezone.now(), end_reason=reason)
