"""HTML to PDF without network: tagged, accessible (PDF/UA-1), fonts embedded.

Templates extend `common/pdf.html`. A document may use the project's static files (`{% static %}`)
and `data:` addresses; everything else, files and the network included, is refused and left out.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from kaysis.common.turkish import slug


def render_pdf(template: str, context: dict[str, Any], request: HttpRequest | None = None) -> bytes:
    """The PDF of a template. The document's language is the active one."""
    # Half a second to import, and it needs Pango: not what a server should start with.
    from weasyprint import HTML  # noqa: PLC0415

    from kaysis.common.pdf_fetcher import BASE, StaticFetcher  # noqa: PLC0415

    context = {"language": get_language(), **context}
    html = render_to_string(template, context, request=request)
    document = HTML(string=html, base_url=BASE, url_fetcher=StaticFetcher())
    return document.write_pdf(pdf_variant="pdf/ua-1")


def pdf_response(
    template: str,
    context: dict[str, Any],
    request: HttpRequest | None = None,
    *,
    filename: str,
    download: bool = False,
) -> HttpResponse:
    """The PDF as an answer that opens in the browser, or is saved if `download`."""
    disposition = "attachment" if download else "inline"
    return HttpResponse(
        render_pdf(template, context, request),
        content_type="application/pdf",
        headers={"Content-Disposition": f'{disposition}; filename="{slug(filename)}.pdf"'},
    )
