"""Whole pages for people who are not signed in, from Valkey.

    @cached_page(ttl=600)
    def unit_page(request, detsis_no): …

A page is kept under its full address, language, theme and whether htmx asked, together with the
*data version* at the moment it was asked for. Every change of public data calls
`bump_data_version()`; from its commit on no older page is served, so a change is seen at once.
A page that began before the commit and ended after it carries the old version, and is not served.

What changes by the clock alone, without an entry, is told by whoever reads it: `keep_until(moment)`
while the page is made. No page outlives the day it was made on.

Such pages are also what standbys of the database answer, if there are any (kaysis.common.replicas).

Never kept: what sets a cookie, holds a form token, is private, streams, or is not a 200.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeGuard

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from prometheus_client import Counter
from redis.exceptions import RedisError

from kaysis.common import replicas
from kaysis.common.preferences import theme_of

VERSION_KEY = "data-version"
# A stranger could otherwise fill the cache with addresses nobody will ask for again.
MAX_ADDRESS = 512
MAX_BYTES = 512 * 1024
VARY = ("Accept", "Accept-Language", "Cookie", "HX-Request")
# Only what the view itself decides; middleware adds its own again each time. A content security
# policy that a view loosened is not kept: the page then gets the strict one.
KEPT_HEADERS = ("Content-Type", "Content-Language", "Link", "Content-Disposition")

View = Callable[..., HttpResponseBase]

_served = Counter("kaysis_pages", "Pages of cached views: hit, miss or bypass.", ["result"])


@dataclass(frozen=True, slots=True)
class _Page:
    version: str
    until: dt.datetime
    body: bytes
    headers: dict[str, str]
    etag: str


# The end of the page that is being made; None outside of one.
_end: ContextVar[dt.datetime | None] = ContextVar("page_end", default=None)


def keep_until(moment: dt.datetime) -> None:
    """What is being read changes by the clock at `moment` (aware): the page that is being made is
    not served from then on. Does nothing where no page is being made."""
    end = _end.get()
    if end is not None and moment < end:
        _end.set(moment)


def _midnight() -> dt.datetime:
    """The end of today, in the portal's time zone."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(tomorrow, dt.time()))


def bump_data_version() -> None:
    """Make all kept pages old once the current transaction commits. Every service that changes
    what the public sees calls it; calling it many times in one transaction is harmless."""
    connection = transaction.get_connection()
    if connection.in_atomic_block:
        pending = (function for _, function, _ in connection.run_on_commit)
        if any(function is _bump for function in pending):
            return
    transaction.on_commit(_bump)


def _bump() -> None:
    try:
        # Not a counter: a counter lost with the cache would begin again and meet old pages.
        cache.set(VERSION_KEY, uuid.uuid4().hex, timeout=None)
    except RedisError:
        # No cache, no pages in it. A cache that only hiccuped would serve old pages until their
        # ttl; the caller must not fail for that.
        return


def data_version() -> str | None:
    """What every change of public data alters, for other things that are kept until then; None
    where nothing may be kept, because Valkey is away."""
    try:
        return cache.get(VERSION_KEY) or _first_version()
    except RedisError:
        return None


def _first_version() -> str | None:
    # add, not set: of two servers that start together one wins and both use its version.
    cache.add(VERSION_KEY, uuid.uuid4().hex, timeout=None)
    return cache.get(VERSION_KEY)


def _read(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """The finished answer of the view, from a standby if one is far enough. One that goes away
    meanwhile costs nothing but time: such a page only reads, so the primary is asked anew."""
    try:
        with replicas.reading() as from_standby:
            return _finished(view(request, *args, **kwargs))
    except replicas.LOST:
        if not from_standby:
            raise
    return _finished(view(request, *args, **kwargs))


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


def _is_public(request: HttpRequest) -> bool:
    return (
        settings.PAGE_CACHE
        and request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "Authorization" not in request.headers
        and len(request.get_full_path()) <= MAX_ADDRESS
    )


def _wanted(request: HttpRequest) -> str:
    """Browsers send endless variants that all mean a page; anything else counts literally."""
    accept = request.headers.get("Accept", "")
    return "" if not accept or "text/html" in accept or accept == "*/*" else accept[:200]


def _key(request: HttpRequest) -> str:
    htmx = getattr(request, "htmx", None)
    kind = "page"
    if htmx:
        kind = "restore" if htmx.history_restore_request else "boost" if htmx.boosted else "part"
    # The shape of the answer also depends on the scheme and host (canonical links, feeds).
    parts = (
        request.build_absolute_uri(),
        get_language() or "",
        theme_of(request),
        kind,
        _wanted(request),
    )
    return "page-2:" + hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _look_up(key: str) -> tuple[str | None, _Page | None]:
    """The data version and the page, in one round trip."""
    try:
        found = cache.get_many([VERSION_KEY, key])
        version = found.get(VERSION_KEY) or _first_version()
    except RedisError:
        return None, None
    return version, found.get(key)


def _may_keep(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    control = response.get("Cache-Control", "")
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not (hasattr(request, "session") and request.session.modified)
        and "private" not in control
        and "no-store" not in control
        and len(response.content) <= MAX_BYTES
    )


def _answer(request: HttpRequest, page: _Page) -> HttpResponseBase:
    """The kept page, or 304 when the client has it."""
    response = HttpResponse(page.body, headers=page.headers)
    response["ETag"] = page.etag
    # Ask again each time: the answer is a 304 of a few bytes, and a change is seen at once.
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, VARY)
    return get_conditional_response(request, etag=page.etag, response=response) or response


def cached_page(*, ttl: int) -> Callable[[View], View]:
    """Keep the pages of a view for `ttl` seconds at most; for class-based views use
    `method_decorator(cached_page(ttl=…), name="dispatch")`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not _is_public(request):
                _served.labels("bypass").inc()
                return view(request, *args, **kwargs)
            key = _key(request)
            version, page = _look_up(key)
            if page is not None and page.version == version and timezone.now() < page.until:
                _served.labels("hit").inc()
                return _answer(request, page)
            _served.labels("miss").inc()
            # From the beginning on: a page may take until tomorrow.
            outer = _end.set(_midnight())
            try:
                response = _read(view, request, *args, **kwargs)
                until = _end.get()
            finally:
                _end.reset(outer)
            if version is None or not _may_keep(response, request):
                return response
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            etag = f'"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
            assert until is not None, "set above"
            page = _Page(version, until, response.content, headers, etag)
            try:
                cache.set(key, page, timeout=ttl)
            except RedisError:
                return response
            return _answer(request, page)

        return wrapped

    return decorate
