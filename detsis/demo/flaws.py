"""Units that are recorded carelessly on purpose, so that the data-quality catalogue has something
to find. They are what real registers hold: none of them exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detsis.demo.state import Row, State

# (institution above or None, name, further facts)
_FLAWS: list[tuple[str | None, str, dict[str, Any]]] = [
    ("Ticaret Bakanlığı", "Yurt  İçi Fuarlar Şube Müdürlüğü", {}),
    ("Ticaret Bakanlığı", "İSTATİSTİK VE DEĞERLENDİRME ŞUBE MÜDÜRLÜĞÜ", {}),
    ("Sağlık Bakanlığı", "Evrak Kayıt Bürosu (Ayşe Yılmaz)", {}),
    ("Sağlık Bakanlığı", "Arşiv Şube Müdürlüğü ", {}),
    ("Kültür ve Turizm Bakanlığı", "Milli Kütüphane Şube Müdürlüğü", {}),
    ("Gençlik ve Spor Bakanlığı", "Milli Takımlar Şube Müdürlüğü", {}),
    ("Sanayi ve Teknoloji Bakanlığı", "Projeler Şube Müdürlüğü", {}),
    ("Sanayi ve Teknoloji Bakanlığı", "Projeler Şube Müdürlüğü", {}),
    ("Tarım ve Orman Bakanlığı", "Deneme Üretme İstasyonu", {"organisation_type": "provincial"}),
    ("Dışişleri Bakanlığı", "Ticaret Müşavirliği", {"organisation_type": "abroad"}),
    ("Ulaştırma ve Altyapı Bakanlığı", "Prof.Dr. Mehmet Demir Çalışma Grubu", {}),
    (None, "Bölge Koordinasyon Birimi", {}),
    (None, "Proje Uygulama Birimi", {}),
    ("Cumhurbaşkanlığı", "Örnek Koordinasyon Kurulu", {"is_institution": True}),
]


def flaws(made: State) -> Iterator[Row]:
    for above, name, facts in _FLAWS:
        parent = made.by_name[above] if above else None
        yield made.row(name, parent, **{"status": 13, **facts})
