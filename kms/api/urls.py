"""Addresses of the KMS API, below `/api/v1/`."""

from django.urls import path

from kms.api import views

urlpatterns = [
    path("instruments/", views.InstrumentListView.as_view(), name="api-instruments"),
    path("instruments/<int:pk>/", views.InstrumentView.as_view(), name="api-instrument"),
    path(
        "instruments/<int:pk>/relations/",
        views.RelationListView.as_view(),
        name="api-instrument-relations",
    ),
]
