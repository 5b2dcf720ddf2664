"""Many changes in one Excel sheet.

`columns` what a sheet may say · `template` the sheet to fill in · `reading` its rows, cell by
cell · `checking` the rows tried together against the register · `keeping` where they wait for the
officer's word: in the cache, for an hour, under a token that only the same person may use. Nothing
is written to the database before that.
"""

from detsis.officer.bulk.checking import check
from detsis.officer.bulk.keeping import Batch, keep, kept
from detsis.officer.bulk.reading import MOST_ROWS, Row, read
from detsis.officer.bulk.template import report, template

__all__ = ["MOST_ROWS", "Batch", "Row", "check", "keep", "kept", "read", "report", "template"]
