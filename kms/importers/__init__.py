"""Import of legislation from archives."""

from kms.importers.load import import_legislation
from kms.importers.report import Report

__all__ = ["Report", "import_legislation"]
