"""Pages that belong to no subsystem, and the base of all lists."""

from kaysis.common.views.lists import ListPage
from kaysis.common.views.pages import empty_page

__all__ = ["ListPage", "empty_page"]
