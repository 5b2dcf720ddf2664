"""The start page of the signed-in area, and messages."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import View

from kaysis.accounts.models import Notification
from kaysis.accounts.selectors import grants_of, grants_with_scopes
from kaysis.accounts.services import mark_all_read, mark_read
from kaysis.accounts.views.base import OfficerMixin, OfficerPage, breadcrumbs
from kaysis.common.views import ListPage

LATEST = 5


class Home(OfficerPage):
    """What may I do, what waits for me; and what each subsystem puts there (`officer.home`)."""

    template_name = "accounts/home.html"
    title = _("Yetkili alanı")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            breadcrumbs=[(self.title, None)],
            grants=grants_with_scopes(grants_of(self.person)),
            notifications=Notification.objects.filter(person=self.person).unread()[:LATEST],
            **kwargs,
        )


class Notifications(OfficerMixin, ListPage):
    template_name = "accounts/notifications.html"
    card_template = "accounts/notification_row.html"
    title = _("Bildirimler")
    empty_title = _("Bildirim yok")
    empty_text = _("Sizi ilgilendiren bir işlem olduğunda burada görürsünüz.")

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.filter(person=self.person)

    def get_breadcrumbs(self) -> list[Any]:
        return breadcrumbs(self.title)


class OpenNotification(OfficerMixin, View):
    """POST: it is read, and one is where it points."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        notification = get_object_or_404(Notification, pk=pk, person=self.person)
        mark_read(actor=self.person, notification=notification)
        return redirect(notification.url or "accounts:notifications")


class ReadAllNotifications(OfficerMixin, View):
    def post(self, request: HttpRequest) -> HttpResponse:
        mark_all_read(actor=self.person)
        return redirect("accounts:notifications")
