"""The portal's own pages."""

from django.conf import settings
from django.urls import URLPattern, path

from kaysis.common import health
from kaysis.common.preferences import set_preferences
from kaysis.common.views import pages
from kaysis.common.views.metrics import metrics

app_name = "common"

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("tercihler/", set_preferences, name="preferences"),
    path("hakkinda/", pages.about, name="about"),
    path("erisilebilirlik/", pages.accessibility, name="accessibility"),
    path("gizlilik/", pages.privacy, name="privacy"),
    path("saglik/", health.ready, name="ready"),
    path("saglik/canli/", health.alive, name="alive"),
    path("metrics", metrics, name="metrics"),
]

if settings.DEVELOPER_PAGES:
    from kaysis.common.views import styleguide

    urlpatterns += [
        path("stil/", styleguide.styleguide, name="styleguide"),
        path("stil/hata/<int:status>/", styleguide.error_page, name="error-page"),
        path("saglik/bos/", pages.empty_page, name="empty-page"),
        path("saglik/bos.json", pages.EmptyApi.as_view(), name="empty-api"),
    ]
