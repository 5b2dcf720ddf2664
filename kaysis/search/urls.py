"""Addresses of the search: pages, suggestions, the description for browsers, the API."""

from django.urls import URLPattern, path

from kaysis.search import views
from kaysis.search.api import SearchApi

app_name = "search"

urlpatterns: list[URLPattern] = [
    path("ara/", views.results, name="results"),
    path("ara/oneri/", views.suggestions, name="suggestions"),
    path("ara/opensearch.xml", views.opensearch, name="opensearch"),
    path("api/v1/search/", SearchApi.as_view(), name="api"),
]
