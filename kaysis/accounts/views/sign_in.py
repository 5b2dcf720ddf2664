"""Coming in and going out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from kaysis.accounts import methods
from kaysis.accounts.demo import demo_people
from kaysis.accounts.services import sign_out
from kaysis.accounts.views.safe_next import next_url


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class SignInPage(TemplateView):
    """All methods, connected or not: whoever comes learns what will work and what does not yet."""

    template_name = "accounts/sign_in.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(next_url(request))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = next_url(self.request)
        choices = [
            {"method": method, "url": method.start_url(following) if method.available() else ""}
            for method in methods.official()
        ]
        return super().get_context_data(
            choices=choices,
            next=following,
            demo_people=demo_people() if methods.demo_is_on() else [],
            **kwargs,
        )


@require_POST
def sign_out_view(request: HttpRequest) -> HttpResponse:
    sign_out(request=request)
    return redirect("/")
