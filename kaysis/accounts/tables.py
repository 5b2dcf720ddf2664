"""Tables of the signed-in area."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kaysis.accounts import scopes
from kaysis.accounts.models import RoleGrant
from kaysis.common import tables


class RoleGrantTable(tables.Table):
    """Who may do what, where and until when."""

    person = tables.Column(verbose_name=_("Kişi"), linkify=True, order_by="person__name_sort")
    role = tables.Column(verbose_name=_("Yetki"))
    scope_detsis_no = tables.Column(verbose_name=_("Kapsam"), empty_values=())
    validity = tables.TemplateColumn(
        verbose_name=_("Geçerlilik"), template_name="accounts/grant_validity.html"
    )
    state = tables.TemplateColumn(
        verbose_name=_("Durum"), template_name="accounts/grant_state.html", orderable=False
    )
    actions = tables.TemplateColumn(
        verbose_name=_("İşlem"), template_name="accounts/grant_actions.html", orderable=False
    )

    caption = _("Verilmiş yetkiler")
    caption_hidden = True

    class Meta(tables.Table.Meta):
        model = RoleGrant
        fields = ["person", "role", "scope_detsis_no", "validity"]

    def describe_scopes(self) -> None:
        """Look all scopes of this page up at once; call it when the page is cut."""
        grants = [row.record for row in self.page]
        self.scopes = scopes.describe_many(grant.scope_detsis_no for grant in grants)

    def render_scope_detsis_no(self, value: int | None) -> SafeString:
        info = self.scopes.get(value) if value is not None else None
        if info is None:
            return format_html("{}", value or _("Bütün devlet"))
        path = " › ".join(info.path)
        name = (
            format_html('<a href="{}">{}</a>', info.url, info.name)
            if info.url
            else format_html("{}", info.name)
        )
        if not path:
            return name
        return format_html('{} <span class="k-muted d-block small">{}</span>', name, path)
