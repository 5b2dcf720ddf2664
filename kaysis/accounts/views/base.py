"""What all pages of the signed-in area share."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from kaysis.accounts.models import Person
from kaysis.accounts.permissions import RoleRequiredMixin
from kaysis.common.types import Text


class OfficerMixin(RoleRequiredMixin):
    """Signed in, with one of `roles` if any are named; no copy of the page is kept anywhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    @property
    def person(self) -> Person:
        """Whoever is signed in."""
        user = self.request.user
        assert isinstance(user, Person), "dispatch lets nobody else in"
        return user


class OfficerPage(OfficerMixin, TemplateView):
    """A page with a title and a path. `trail`: (name, url) of the pages above, below the start."""

    title: Text = ""

    def get_title(self) -> Text:
        return self.title

    def get_trail(self) -> list[tuple[Text, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("title", self.get_title())
        kwargs.setdefault("breadcrumbs", breadcrumbs(*self.get_trail(), self.get_title()))
        return super().get_context_data(**kwargs)

    def refuse(self, **context: Any) -> HttpResponse:
        """The page again, with the form that was not accepted: 422."""
        return self.render_to_response(self.get_context_data(**context), status=422)


def breadcrumbs(*steps: tuple[Text, str] | Text) -> list[tuple[Text, str | None]]:
    """The path from the start of the signed-in area; the last step is the page itself."""
    start: list[tuple[Text, str | None]] = [(_("Yetkili alanı"), reverse("accounts:home"))]
    return start + [step if isinstance(step, tuple) else (step, None) for step in steps]
