"""Stands in INSTALLED_APPS for `django.contrib.admin`; loaded before there are models."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    default_site = "kaysis.accounts.operators.OperatorSite"
