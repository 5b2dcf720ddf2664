"""`{% load detsis %}`: what templates about units share."""

from django import template

from detsis.views.addresses import unit_url
from detsis.views.change_html import differences

register = template.Library()

# {{ number|unit_url }}: as {% url "detsis:unit" number %}, many times quicker on long pages.
register.filter("unit_url", unit_url)


# {{ told|differences }}: what a change changed.
register.filter("differences", differences)
