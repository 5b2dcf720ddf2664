"""`/api/docs/`: the description of the API to read and try in a browser."""

from csp.decorators import csp_update
from drf_spectacular.views import SpectacularSwaggerSplitView

# Swagger UI draws with style attributes; scripts stay limited to our own files.
api_docs = csp_update({"style-src": ["'self'", "'unsafe-inline'"]})(
    SpectacularSwaggerSplitView.as_view(
        url_name="api-schema", permission_classes=[], template_name="common/api_docs.html"
    )
)
