"""Addresses of the DETSİS API, below `/api/v1/`."""

from django.urls import path

from detsis.api import changes, codes, units

urlpatterns = [
    path("units/", units.UnitListView.as_view(), name="api-units"),
    path("units/<detsis_no:detsis_no>/", units.UnitView.as_view(), name="api-unit"),
    path(
        "units/<detsis_no:detsis_no>/ancestors/",
        units.AncestorsView.as_view(),
        name="api-unit-ancestors",
    ),
    path(
        "units/<detsis_no:detsis_no>/descendants/",
        units.DescendantsView.as_view(),
        name="api-unit-descendants",
    ),
    path("codes/<slug:table>/", codes.CodesView.as_view(), name="api-codes"),
    path("changes/", changes.ChangesView.as_view(), name="api-changes"),
]
