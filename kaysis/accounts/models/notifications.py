"""Messages inside the portal: something waits for a person, or something happened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kaysis.accounts.models.people import Person


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """`kind` is a dotted name of the sender ("accounts.role_granted"); `url` a path of this site.

    `key`, if given, makes sending idempotent: a repeated job does not notify twice.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="notifications", verbose_name=_("kişi")
    )
    kind = models.CharField(_("tür"), max_length=60)
    text = models.CharField(_("metin"), max_length=500)
    url = models.CharField(_("adres"), max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("zaman"), auto_now_add=True)
    read_at = models.DateTimeField(_("okunma zamanı"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("bildirim")
        verbose_name_plural = _("bildirimler")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notification_person_created"),
            models.Index(
                fields=["person"], name="notification_unread", condition=Q(read_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                name="notification_sent_once",
                condition=~Q(key=""),
                violation_error_message=_("Bu bildirim bu kişiye daha önce gönderilmiş."),
            ),
            models.CheckConstraint(
                name="notification_url_is_local",
                condition=Q(url="") | (Q(url__startswith="/") & ~Q(url__startswith="//")),
                violation_error_message=_("Bildirimin adresi bu sitede olmalıdır."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
