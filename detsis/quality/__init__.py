"""The data-quality catalogue: small rules in a registry, run nightly over all active units.

A rule says what is wrong and how to mend it; `run.refresh` applies all of them, each in one
statement, and keeps what was found by unit, rule and institution.
"""

from detsis.quality.catalogue import Rule, register, rule, rules

# The rules register themselves, wherever the catalogue is used.
from detsis.quality import names, records  # isort: skip

__all__ = ["Rule", "names", "records", "register", "rule", "rules"]
