"""Django's admin, for those who operate the system: it shows, and changes next to nothing."""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class OperatorSite(AdminSite):
    """Has no sign-in of its own: operators come in like everybody else."""

    site_header = site_title = _("KAYSİS yönetimi")
    index_title = _("Kayıtlar")

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows; every change is a service's business."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
