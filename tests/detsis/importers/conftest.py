import json

import pytest

from detsis.importers import import_units
from detsis.importers.report import Issue, Issues

HEAD = "detsis_no,name,parent_detsis_no"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`run(text or list of dicts, **options)` → (summary, issues of the report)."""
    kept: list[Issue] = []

    def keep(issues: Issues, _path) -> None:
        kept[:] = list(issues.all())

    monkeypatch.setattr("detsis.importers.units.write_report", keep)

    def importing(content, name="birimler.csv", **options):
        if not isinstance(content, str | bytes):
            name = "birimler.jsonl"
            content = "\n".join(json.dumps(row, ensure_ascii=False) for row in content)
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        summary = import_units(path, report=tmp_path / "rapor.csv", **options)
        return summary, list(kept)

    return importing
