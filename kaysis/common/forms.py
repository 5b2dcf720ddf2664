"""Form fields that several subsystems share.

Dates need none: `forms.DateField` with `widgets.DateInput` takes 24.11.2026 as well as ISO (see
`kaysis.common.formats`).
"""

from typing import IO, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kaysis.common.uploads import KINDS, MEGABYTE


class UploadField(forms.FileField):
    """A file of one of `kinds` (keys of `KINDS`), at most `max_size` bytes.

    The cleaned file stands at its beginning and has the attribute `kind`, a `FileKind`.
    """

    default_error_messages = {
        "size": _("Dosya en çok %(limit)s olabilir; bu dosya %(size)s."),
        "kind": _("Yalnız şu türlerde dosya yüklenebilir: %(kinds)s."),
        "content": _("Dosyanın içeriği %(kind)s değil."),
    }

    def __init__(
        self, *, kinds: tuple[str, ...], max_size: int = 10 * MEGABYTE, **options: Any
    ) -> None:
        self.kinds = {name: KINDS[name] for name in kinds}
        self.max_size = max_size
        # Said anew for each reader: a field is made once, when the server starts.
        options.setdefault("help_text", lazy(self._help, str)())
        super().__init__(**options)

    def _help(self) -> str:
        listed = ", ".join(name.upper() for name in self.kinds)
        return gettext("%(kinds)s, en çok %(megabytes)d MB.") % {
            "kinds": listed,
            "megabytes": self.max_size // MEGABYTE,
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        accept = ",".join(f".{name}" for name in self.kinds)
        return {**super().widget_attrs(widget), "accept": accept}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            self._check(file)
        return file

    def _check(self, file: UploadedFile) -> None:
        size = file.size or 0
        if size > self.max_size:
            self._refuse("size", limit=filesizeformat(self.max_size), size=filesizeformat(size))
        extension = (file.name or "").rpartition(".")[2].lower()
        kind = self.kinds.get(extension)
        if kind is None:
            self._refuse("kind", kinds=", ".join(name.upper() for name in self.kinds))
            return
        file.seek(0)
        matches = kind.matches(cast(IO[bytes], file.file))
        file.seek(0)
        if not matches:
            self._refuse("content", kind=extension.upper())
        file.kind = kind  # type: ignore[attr-defined]  # told to the caller

    def _refuse(self, code: str, **params: str) -> None:
        raise ValidationError(self.error_messages[code], code=code, params=params)
