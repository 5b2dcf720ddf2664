"""The addresses of DETSİS. A room of it that has addresses of its own brings its own `urls`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from detsis.models.unit import DETSIS_NO_MIN
from detsis.views import browse, changes, compare, provinces, quality, successors, tree, unit

app_name = "detsis"


class DetsisNo:
    """A state organisation number: eight digits, not beginning with 0."""

    regex = rf"[1-9]\d{{{len(str(DETSIS_NO_MIN)) - 1}}}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(DetsisNo, "detsis_no")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("detsis.api.urls")),
    path("yetkili/", include("detsis.officer.urls")),
    path("kurumlar/", browse.browse, name="units"),
    path("kurumlar/dal/", tree.branch_fragment, name="roots"),
    path("kurumlar/dal/<detsis_no:detsis_no>/", tree.branch_fragment, name="branch"),
    path("kurumlar/ilceler/", browse.districts, name="districts"),
    path("kurumlar/il/", provinces.provinces, name="provinces"),
    path("kurumlar/il/<int:plate>/", provinces.province, name="province"),
    path("kurumlar/degisiklikler/", changes.Changes.as_view(), name="changes"),
    path("kurumlar/degisiklikler/atom.xml", changes.changes_atom, name="changes-atom"),
    path("kurumlar/degisiklikler/feed.json", changes.changes_json, name="changes-json"),
    path("kurumlar/karsilastir/", compare.compare, name="compare"),
    path("kurumlar/veri-kalitesi/", quality.Quality.as_view(), name="quality"),
    path("kurumlar/veri-kalitesi/bulgular/", quality.Findings.as_view(), name="quality-findings"),
    path("kurumlar/halefler/", successors.Successors.as_view(), name="successors"),
    path("kurum/<detsis_no:detsis_no>/", unit.unit_page, name="unit"),
    path("kurum/<detsis_no:detsis_no>/sema/", unit.chart, name="chart"),
    path("kurum/<detsis_no:detsis_no>/sema.svg", unit.chart_svg, name="chart-svg"),
    path("kurum/<detsis_no:detsis_no>/sema.pdf", unit.chart_pdf, name="chart-pdf"),
    path("kurum/<detsis_no:detsis_no>/antet/", unit.letterhead, name="letterhead"),
]
