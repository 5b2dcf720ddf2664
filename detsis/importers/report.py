"""What an import says about each row it did not take as it stood, and in sum."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kaysis.common.exports import Column, export_pieces


class Outcome(models.TextChoices):
    """What became of a row. A row may be mended in several ways and is then reported for each."""

    REFUSED = "refused", gettext_lazy("alınmadı")
    MENDED = "mended", gettext_lazy("düzeltilerek alındı")
    DUPLICATE = "duplicate", gettext_lazy("yinelenen, atlandı")
    DIFFERS = "differs", gettext_lazy("kayıttan farklı")
    UPDATED = "updated", gettext_lazy("güncellendi")


@dataclass(frozen=True, slots=True)
class Issue:
    """One line of the report. `message` is a key of MESSAGES, `value` what it speaks of."""

    line: int
    detsis_no: int | None
    outcome: Outcome
    field: str
    message: str
    value: str = ""


MESSAGES = {
    "too_many_cells": gettext_lazy("Satırda başlıktan çok sütun var."),
    "not_json": gettext_lazy("Okunamayan JSON."),
    "missing": gettext_lazy("Bu alan boş bırakılamaz."),
    "not_a_number": gettext_lazy("Sayı değil: %(value)s"),
    "not_eight_digits": gettext_lazy("Numara sekiz rakamdan oluşur ve 0 ile başlamaz: %(value)s"),
    "not_yes_or_no": gettext_lazy("Evet ya da hayır değil, boş sayıldı: %(value)s"),
    "unknown_code": gettext_lazy("Kod tablosunda yok, boş bırakıldı: %(value)s"),
    "not_a_date": gettext_lazy("Tarih değil, boş bırakıldı: %(value)s"),
    "too_long": gettext_lazy("Çok uzun, boş bırakıldı: %(value)s"),
    "invalid": gettext_lazy("Geçersiz, boş bırakıldı: %(value)s"),
    "blanks": gettext_lazy("Fazla boşluklardan arındırıldı."),
    "scheme_added": gettext_lazy("Başına https:// eklendi."),
    "kep_dropped": gettext_lazy("Biçimi bozuk KEP adresi atlandı: %(value)s"),
    "kep_lower": gettext_lazy("KEP adresi küçük harfe çevrildi."),
    "kep_taken": gettext_lazy("KEP adresi aynı günlerde başka bir birimde kayıtlı: %(value)s"),
    "other_province": gettext_lazy("İlçe başka bir ilde, boş bırakıldı: %(value)s"),
    "country_not_abroad": gettext_lazy(
        "Ülke yalnız yurt dışı birimlerinde bulunur, boş bırakıldı: %(value)s"
    ),
    "ends_before_it_begins": gettext_lazy("Kapanış tarihi kuruluş tarihinden sonra değil."),
    "closing_unknown": gettext_lazy(
        "Kapalı, ama kapanış tarihi yok; kapanış sayılan gün: %(value)s"
    ),
    "founding_unknown": gettext_lazy("Kuruluş tarihi yok; kuruluş sayılan gün: %(value)s"),
    "active_but_closed": gettext_lazy("Faal yazıyor, ama kapanış tarihi var; tarih esas alındı."),
    "same_as_line": gettext_lazy("%(value)s. satırla aynı."),
    "contradicts_line": gettext_lazy("%(value)s. satırla çelişiyor; ilk satır esas alındı."),
    "parent_unknown": gettext_lazy("Üst birim %(value)s bilinmiyor; köke bağlandı."),
    "parent_skipped": gettext_lazy("Üst birim bilinmiyor; yoldaki %(value)s birimine bağlandı."),
    "own_parent": gettext_lazy("Kendisine bağlı görünüyor; köke bağlandı."),
    "circle": gettext_lazy("Döngü: kendi altındaki %(value)s birimine bağlı; köke bağlandı."),
    "parent_closed": gettext_lazy("Üst birim %(value)s bu birimden önce kapalı; köke bağlandı."),
    "parent_younger": gettext_lazy("Üst birim daha genç; kuruluş sayılan gün: %(value)s"),
    "authority_unknown": gettext_lazy("Mülki idare amirliği %(value)s bilinmiyor; boş bırakıldı."),
    "unit_ignored": gettext_lazy("%(value)s numaralı birim bilinmiyor; kayıttaki bilgi korundu."),
    "not_as_recorded": gettext_lazy("Kayıtta farklı: %(value)s"),
    "needs_correction": gettext_lazy(
        "Kayıttaki tarih farklı (%(value)s); tarih, düzeltme kaydıyla değiştirilir."
    ),
    "recorded": gettext_lazy("Kaydedilen alanlar: %(value)s"),
    "rule": gettext_lazy("%(value)s"),
}


class Issues:
    """Collects issues on disk while rows stream by; then they live in a temporary table.

    A context manager: the file goes with it.
    """

    TABLE = "import_issues"

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115 — lives as long as the import
            max_size=1 << 20, mode="w+", encoding="utf-8", newline=""
        )
        self._writer = csv.writer(self._file)

    def __enter__(self) -> Issues:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, issue: Issue) -> None:
        """While the file is read."""
        self._writer.writerow(_row(issue))

    def store(self) -> None:
        """Move what was collected into the temporary table of this transaction."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.TABLE}")
            cursor.execute(
                f"CREATE TEMP TABLE {self.TABLE} (id serial, line integer, detsis_no integer,"
                " outcome text, field text, message text, value text) ON COMMIT DROP"
            )
            self._file.seek(0)
            cursor.copy_expert(_COPY, self._file)

    def add_many(self, issues: list[Issue]) -> None:
        """After `store`."""
        buffer = io.StringIO()
        csv.writer(buffer).writerows(_row(issue) for issue in issues)
        buffer.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(_COPY, buffer)

    def counts(self) -> dict[str, int]:
        """Outcome → number of rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT outcome, count(DISTINCT line) FROM {self.TABLE} GROUP BY 1")
            return dict(cursor.fetchall())

    def all(self) -> Iterator[Issue]:
        """In the order of the file."""
        with connection.cursor() as cursor:
            cursor.execute("DECLARE issues NO SCROLL CURSOR FOR " + _ALL)
            while True:
                cursor.execute("FETCH 2000 FROM issues")
                rows = cursor.fetchall()
                if not rows:
                    break
                for line, number, outcome, name, message, value in rows:
                    yield Issue(line, number, Outcome(outcome), name, message, value or "")
            cursor.execute("CLOSE issues")


_COPY = (
    f"COPY {Issues.TABLE} (line, detsis_no, outcome, field, message, value) FROM STDIN (FORMAT csv)"
)
_ALL = f"""SELECT line, detsis_no, outcome, field, message, value FROM {Issues.TABLE}
           ORDER BY line, id"""


def _row(issue: Issue) -> tuple[Any, ...]:
    return (
        issue.line, issue.detsis_no, issue.outcome.value, issue.field, issue.message, issue.value,
    )  # fmt: skip


def sentence(issue: Issue) -> str:
    """The message of an issue in words."""
    return str(MESSAGES[issue.message]) % {"value": issue.value}


COLUMNS = [
    Column("line", gettext_lazy("Satır"), kind="number"),
    Column("detsis_no", gettext_lazy("T.C. Devlet Teşkilatı Numarası"), kind="number"),
    Column("outcome", gettext_lazy("Sonuç"), labels=dict(Outcome.choices)),
    Column("field", gettext_lazy("Alan")),
    Column("message", gettext_lazy("Açıklama"), sentence),
]


def write_report(issues: Issues, path: Path) -> None:
    """The report as CSV that spreadsheets open, rows in the order of the file."""
    with path.open("wb") as file:
        for piece in export_pieces(issues.all(), COLUMNS, "csv"):
            file.write(piece)


@dataclass(slots=True)
class Summary:
    """What an import did, in numbers of rows."""

    read: int = 0
    new: int = 0
    identical: int = 0
    by_outcome: dict[str, int] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    dry_run: bool = False

    def lines(self) -> list[str]:
        """For a person at the terminal."""
        rows = [
            (_("Okunan satır"), self.read),
            (_("Yeni kaydedilen birim"), self.new),
            (_("Kayıttakiyle aynı, atlanan"), self.identical),
            *((str(Outcome(key).label), number) for key, number in sorted(self.by_outcome.items())),
        ]
        lines = [f"{label:<34}{number:>9}" for label, number in rows]
        if self.unknown_columns:
            lines.append(
                _("Tanınmayan alanlar: %(names)s") % {"names": ", ".join(self.unknown_columns)}
            )
        if self.dry_run:
            lines.append(_("Deneme: hiçbir şey kaydedilmedi."))
        return lines
