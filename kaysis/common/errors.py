"""The errors that services raise, and their way to a form or an answer of the API.

A service raises a `KaysisError` or Django's `ValidationError`. Pages put it on the form with
`add_to_form`; the API's exception handler makes problem details of it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import BaseConstraint, CheckConstraint, Model, Q, UniqueConstraint
from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from kaysis.common.types import Text


class KaysisError(Exception):
    """Something a person can understand and may be told.

    `message` is shown, `field` names the input it is about, `code` tells programs what happened.
    """

    status: ClassVar[int] = 400
    default_code: ClassVar[str] = "error"
    default_message: ClassVar[Text] = _("İşlem yapılamadı.")

    def __init__(
        self, message: Text = "", field: str | None = None, *, code: str | None = None
    ) -> None:
        self.message = message or self.default_message
        self.field = field
        self.code = code or self.default_code
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class RuleViolation(KaysisError):
    """A rule of the domain forbids what was asked."""

    status = 422
    default_code = "invalid"
    default_message = _("Bu işlem kurallara uymuyor.")


class NotAllowed(KaysisError):
    """The person may see this but not do it."""

    status = 403
    default_code = "not_allowed"
    default_message = _("Bu işlem için yetkiniz yok.")


class NotFound(KaysisError):
    """There is no such thing, or not for this person."""

    status = 404
    default_code = "not_found"
    default_message = _("Aradığınız kayıt bulunamadı.")


class Conflict(KaysisError):
    """Somebody else was first, or the object is no longer in the state the request supposes."""

    status = 409
    default_code = "conflict"
    default_message = _("Kayıt bu sırada değişti. Sayfayı yenileyip yeniden deneyin.")


class TooMany(KaysisError):
    """So often this may not be done; in `retry_after` seconds again."""

    status = 429
    default_code = "too_many"
    default_message = _("Çok fazla istek gönderdiniz")

    def __init__(self, message: Text = "", *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def as_validation_error(error: KaysisError | ValidationError) -> ValidationError:
    """The same complaint as Django's forms and `full_clean` make it."""
    if isinstance(error, ValidationError):
        return error
    inner = ValidationError(error.message, code=error.code)
    return ValidationError({error.field: inner}) if error.field else inner


def add_to_form(form: BaseForm, error: KaysisError | ValidationError) -> None:
    """Show `error` on `form`: at its field where the form has that, else above the form."""
    error = as_validation_error(error)
    by_field = getattr(error, "error_dict", {NON_FIELD_ERRORS: error})
    for field, complaint in by_field.items():
        form.add_error(field if field in form.fields else None, complaint)


# --- What the database refused ----------------------------------------------------------------

_KEY_COLUMNS = re.compile(r"\(([^()]+)\)=\(")  # in DETAIL, whatever language the server speaks
_TAKEN = _("Bu değer başka bir kayıtta kullanılmış.")
_MISSING = _("Bu alan boş bırakılamaz.")
_DANGLING = _("Bağlı olduğu ya da ona bağlı olan bir kayıt nedeniyle işlem yapılamadı.")


@dataclass(frozen=True)
class _Declared:
    message: Text
    field: str | None


_declared: dict[str, _Declared] = {}


def declare_constraint(name: str, message: Text, field: str | None = None) -> None:
    """Give words to a constraint that no model knows, such as the one a trigger reports.

    The trigger says `RAISE EXCEPTION … USING ERRCODE = 'check_violation', CONSTRAINT = 'name'`.
    """
    _declared[name] = _Declared(message, field)


def translate_integrity_error(error: IntegrityError, model: type[Model]) -> ValidationError | None:
    """What `error` says about a row of `model`, in words and at its field; `None` if unknown.

    Values of the row never appear in the message.
    """
    diagnostics = getattr(error.__cause__, "diag", None)
    if diagnostics is None:
        return None
    name = diagnostics.constraint_name
    if name in _declared:
        found = _declared[name]
        return _at(found.field, ValidationError(found.message, code=name))
    if diagnostics.table_name != model._meta.db_table:
        return None
    for constraint in model._meta.constraints:
        if constraint.name == name:
            complaint = ValidationError(
                constraint.get_violation_error_message(), code=constraint.violation_error_code
            )
            return _at(_only_field(constraint), complaint)
    return _unnamed(diagnostics, model)


def _unnamed(diagnostics: Any, model: type[Model]) -> ValidationError | None:
    """Not null, unique fields and foreign keys, whose constraints Django names itself."""
    if diagnostics.column_name:
        field = _field_of_column(diagnostics.column_name, model)
        return _at(field.name if field else None, ValidationError(_MISSING, code="null"))
    match = _KEY_COLUMNS.search(diagnostics.message_detail or "")
    if not match:
        return None
    columns = match.group(1).split(", ")
    field = _field_of_column(columns[0], model) if len(columns) == 1 else None
    at = field.name if field else None
    if diagnostics.sqlstate == "23505":
        message = field.error_messages["unique"] if field and field.unique else _TAKEN
        names = {
            "model_name": model._meta.verbose_name,
            "field_label": field.verbose_name if field else "",
        }
        return _at(at, ValidationError(message, code="unique", params=names))
    return _at(at, ValidationError(_DANGLING, code="foreign_key"))


def _at(field: str | None, complaint: ValidationError) -> ValidationError:
    return ValidationError({field or NON_FIELD_ERRORS: complaint})


def _field_of_column(column: str, model: type[Model]) -> Any:
    return next((field for field in model._meta.concrete_fields if field.column == column), None)


def _only_field(constraint: BaseConstraint) -> str | None:
    """The field a constraint is about, if it is about one."""
    names: set[str] = set()
    if isinstance(constraint, UniqueConstraint):
        names = set(constraint.fields)
    elif isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
        names = set(constraint.condition.referenced_base_fields)
    return names.pop() if len(names) == 1 else None


@contextmanager
def friendly_integrity(*models: type[Model]) -> Iterator[None]:
    """Turn what the database refuses about rows of `models` into `ValidationError`.

    Stands around `transaction.atomic()`, not within: deferred constraints speak at its end, and
    after an error the transaction is of no more use.
    """
    try:
        yield
    except IntegrityError as error:
        for model in models:
            if found := translate_integrity_error(error, model):
                raise found from error
        raise
