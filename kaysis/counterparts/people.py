"""The invented people who hold cards, telephones and passwords here.

The same as the portal's own demo people; a test compares the two lists. Nobody has been given a
national id that begins as theirs do.
"""

from dataclasses import dataclass, field

_FICTITIOUS = 100_000_100
_NAMES = (
    ("Zeynep", "Aydın"),
    ("Mehmet", "Korkmaz"),
    ("Elif", "Şahin"),
    ("Cem", "Kaya"),
    ("Ayşe", "Yılmaz"),
    ("Burak", "Demir"),
    ("Fatma", "Çelik"),
    ("Gökhan", "Öztürk"),
    ("Hülya", "Arslan"),
    ("İbrahim", "Doğan"),
    ("Işıl", "Güneş"),
    ("Kemal", "Yıldız"),
    ("Deniz", "Ateş"),
)


@dataclass(frozen=True)
class Holder:
    """Somebody to whom a certificate, a telephone or a password belongs."""

    given_name: str
    family_name: str
    national_id: str = field(repr=False)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


def fictitious_national_id(position: int) -> str:
    """Right by its checksum, given to nobody."""
    digits = [int(digit) for digit in str(_FICTITIOUS + position)]
    digits.append((7 * sum(digits[0::2]) - sum(digits[1::2])) % 10)
    digits.append(sum(digits) % 10)
    return "".join(map(str, digits))


PEOPLE = tuple(
    Holder(given, family, fictitious_national_id(position))
    for position, (given, family) in enumerate(_NAMES)
)
