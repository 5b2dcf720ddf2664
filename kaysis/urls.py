"""Composes the apps' addresses. Paths are Turkish and carry no language: a cookie does."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView
from oauth2_provider.views import TokenView

from kaysis.common.api.docs import api_docs

# An app joins with its own `urls.py`; one that has none yet has no address. They are tried in this
# order, pattern by pattern: the question who may sign, asked by machines, comes early, and the many
# addresses of a signed-in person's account come last.
_APPS = (
    "kaysis.common",
    "iyem",
    "detsis",
    "kms",
    "sdps",
    "dbys",
    "heys",
    "hsys",
    "kma",
    "kaysis.search",
    "kaysis.statistics",
    "kaysis.ebys",
    "kaysis.accounts",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("yonetim/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/token/", TokenView.as_view(), name="api-token"),
    path("api/docs/", api_docs, name="api-docs"),
]
urlpatterns += [path("", include(f"{app}.urls")) for app in _APPS if find_spec(f"{app}.urls")]

handler400 = "kaysis.common.views.errors.bad_request"
handler403 = "kaysis.common.views.errors.permission_denied"
handler404 = "kaysis.common.views.errors.not_found"
handler500 = "kaysis.common.views.errors.server_error"
