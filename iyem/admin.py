"""What operators see of İYEM: who tried out national ids."""

from django.contrib import admin

from iyem.models import LookupRefusal
from kaysis.accounts.operators import ReadOnlyAdmin


@admin.register(LookupRefusal)
class LookupRefusalAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "way", "rate", "ip_address"]
    list_filter = ["way"]
    list_select_related = ["actor"]
