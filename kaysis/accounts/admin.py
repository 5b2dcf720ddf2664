"""What operators see of people and access."""

from django.contrib import admin

from kaysis.accounts.models import (
    FailedSignIn,
    NationalIdAccess,
    Notification,
    Person,
    RoleGrant,
    SignIn,
)
from kaysis.accounts.operators import ReadOnlyAdmin


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["full_name", "email", "is_active", "is_staff", "is_demo", "created_at"]
    list_filter = ["is_active", "is_staff", "is_demo"]
    search_fields = ["name_folded", "email"]
    fields = [
        "public_id",
        "given_name",
        "family_name",
        "email",
        "mobile_phone",
        "work_phone",
        "is_active",
        "is_staff",
        "is_demo",
        "created_at",
        "last_login",
    ]


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    list_display = ["person", "role", "scope_detsis_no", "validity", "granted_at", "revoked_at"]
    list_filter = ["role"]
    list_select_related = ["person"]
    search_fields = ["person__name_folded", "scope_detsis_no"]


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ["person", "method", "started_at", "last_seen_at", "ended_at", "end_reason"]
    list_filter = ["method", "end_reason"]
    list_select_related = ["person"]


@admin.register(FailedSignIn)
class FailedSignInAdmin(ReadOnlyAdmin):
    list_display = ["method", "reason", "person", "at", "ip_address"]
    list_filter = ["method", "reason"]
    list_select_related = ["person"]


@admin.register(NationalIdAccess)
class NationalIdAccessAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "person", "purpose", "ip_address"]
    list_select_related = ["actor", "person"]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["person", "kind", "text", "created_at", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["person"]
