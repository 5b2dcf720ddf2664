"""What an import did, and what it refused, row by row."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _


@dataclass(slots=True)
class Report:
    """Counts, and (slug, level, message) of every document that was not taken as it is."""

    started: float
    read: int = 0
    characters: int = 0
    unchanged: int = 0
    instruments: int = 0
    more_texts: int = 0
    companions: int = 0
    texts: int = 0
    provisions: int = 0
    passages: int = 0
    relations: int = 0
    resolved: int = 0
    seconds: float = 0.0
    parsed_seconds: float = 0.0
    dry_run: bool = False
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def refuse(self, slug: str, message: str) -> None:
        self.rows.append((slug, "error", message))

    def warn(self, slug: str, message: str) -> None:
        self.rows.append((slug, "warning", message))

    @property
    def refused(self) -> int:
        return sum(1 for _slug, level, _message in self.rows if level == "error")

    def lines(self) -> list[str]:
        """For the terminal."""
        return [
            _("Okunan: %(n)d belge") % {"n": self.read},
            _("Zaten kayıtlı: %(n)d") % {"n": self.unchanged},
            _("Yeni mevzuat: %(n)d; yeni metin: %(t)d; kaldırılmış hükümler: %(c)d")
            % {"n": self.instruments, "t": self.texts, "c": self.companions},
            _("Hüküm: %(p)d; metin parçası: %(q)d") % {"p": self.provisions, "q": self.passages},
            _("İlişki: %(r)d; karşılığı bulunan atıf: %(n)d")
            % {"r": self.relations, "n": self.resolved},
            _("Alınmayan: %(n)d") % {"n": self.refused},
            _("Süre: %(s).1f s (arama dizini dışında %(t).1f s)")
            % {"s": self.seconds, "t": self.parsed_seconds},
            *([_("Deneme: hiçbir şey kaydedilmedi.")] if self.dry_run else []),
        ]

    def write(self, path: Path) -> None:
        """The rows as CSV: belge, düzey, açıklama."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("belge"), _("düzey"), _("açıklama")])
            writer.writerows(self.rows)
