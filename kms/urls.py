"""The addresses of KMS."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kms.views import browse, compare, graph, instrument, outputs, relations, search, statistics

app_name = "kms"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("kms.api.urls")),
    path("yetkili/", include("kms.officer.urls")),
    path("eli/tr/<slug:slug>/<int:year>/<str:number>/", browse.eli, name="eli"),
    path("eli/tr/<slug:slug>/<int:year>/<str:number>/<str:day>/", browse.eli, name="eli-day"),
    path("mevzuat/", browse.InstrumentList.as_view(), name="instruments"),
    path("mevzuat/ara/", search.text_search, name="search"),
    path("mevzuat/istatistik/", statistics.statistics_page, name="statistics"),
    path("mevzuat/istatistik.pdf", statistics.statistics_pdf, name="statistics-pdf"),
    path("mevzuat/acik-atiflar/", browse.OpenReferences.as_view(), name="references"),
    path("mevzuat/kural-disi/", browse.Violations.as_view(), name="violations"),
    path("mevzuat/atom.xml", search.atom, name="atom"),
    path("mevzuat/feed.json", search.json_feed, name="json-feed"),
    path("mevzuat/atif/<slug:slug>/<str:number>/", browse.cite, name="cite"),
    path("mevzuat/<int:pk>/", instrument.instrument_page, name="instrument"),
    path("mevzuat/<int:pk>/degisiklikler/", relations.Amendments.as_view(), name="amendments"),
    path("mevzuat/<int:pk>/iliskiler/", relations.Relations.as_view(), name="relations"),
    path("mevzuat/<int:pk>/karsilastir/", compare.compare_page, name="compare"),
    path("mevzuat/<int:pk>/sema/", graph.graph_page, name="graph"),
    path("mevzuat/<int:pk>/sema.svg", graph.graph_svg, name="graph-svg"),
    path("mevzuat/<int:pk>/etki/", graph.impact_page, name="impact"),
    path("mevzuat/<int:pk>/yazdir/", outputs.print_page, name="print"),
    path("mevzuat/<int:pk>/metin.pdf", outputs.pdf, name="pdf"),
    path("mevzuat/<int:pk>/metin.txt", outputs.plain, name="plain"),
    path("mevzuat/<int:pk>/metin.json", outputs.json_text, name="json"),
    path("mevzuat/<int:pk>/metin.akn.xml", outputs.akn, name="akn"),
]
