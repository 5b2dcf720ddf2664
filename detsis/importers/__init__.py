"""Imports from files, one module per entity.

- `units`: units, from CSV or JSON lines (`manage.py import_units`, docs/import.md)
"""

from detsis.importers.units import import_units

__all__ = ["import_units"]
