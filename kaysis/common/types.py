"""Types that several modules share."""

from typing import TYPE_CHECKING, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text: TypeAlias = str | _StrPromise
else:
    #: Text, or text to be translated when it is shown.
    Text: TypeAlias = str | Promise
