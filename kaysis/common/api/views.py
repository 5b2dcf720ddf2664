"""Where the views of the API begin."""

from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.views import APIView

from kaysis.common.api.etag import ETagMixin
from kaysis.common.api.pagination import KeysetPagination


class ApiView(ETagMixin, APIView):
    """Any view: problem details, throttling, and an ETag if it has a version."""


class ListApiView(ETagMixin, ListAPIView):
    """A list that starts from `visible_to(request.user)`, filtered by `filterset_class`, by key."""

    pagination_class = KeysetPagination


class DetailApiView(ETagMixin, RetrieveAPIView):
    """One object, found by `lookup_field` among those `visible_to(request.user)`."""
