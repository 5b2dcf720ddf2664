"""Many managers in one Excel sheet.

`columns` what a sheet may say · `template` the sheet to fill in, and the report · `reading` its
rows, cell by cell · `checking` the rows tried against the register and one another · `keeping`
where they wait for the officer's word: in the cache, for an hour, under a token that only the same
person may use, with the national ids encrypted · `saving` all of them, or the good ones, in one
transaction.
"""

from iyem.officer.bulk.checking import check
from iyem.officer.bulk.keeping import Batch, claim, keep, kept, release
from iyem.officer.bulk.reading import MOST_ROWS, Row, read
from iyem.officer.bulk.saving import save
from iyem.officer.bulk.template import report, template

__all__ = [
    "MOST_ROWS",
    "Batch",
    "Row",
    "check",
    "claim",
    "keep",
    "kept",
    "read",
    "release",
    "report",
    "save",
    "template",
]
