"""The published laws, where the reference data lies beside the repository."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parents[3]
ARCHIVE = _REPOSITORY.parent / "shared" / "data" / "mevzuat" / "kanunlar.tar.xz"


def read_corpus() -> Iterator[tuple[str, bytes]]:
    """Path and content of every file of the archive, in the order of the archive."""
    with tarfile.open(ARCHIVE, "r:xz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content.read()


@pytest.fixture(scope="session")
def corpus() -> dict[str, bytes]:
    """All files of the published laws by path; skips where the reference data is absent."""
    if not ARCHIVE.exists():
        pytest.skip(f"reference data is absent: {ARCHIVE}")
    return dict(read_corpus())


@pytest.fixture(scope="session")
def law_texts(corpus: dict[str, bytes]) -> dict[str, str]:
    """Texts of the published laws by slug."""
    return {
        path.split("/")[-2]: content.decode("utf-8")
        for path, content in sorted(corpus.items())
        if path.endswith("/metin.md")
    }


@pytest.fixture(scope="session")
def some_laws(law_texts: dict[str, str]) -> dict[str, str]:
    """A fixed tenth of the laws, with the best known ones among them."""
    known = ("4982-", "657-", "2709-", "5018-", "3065-katma-deger-vergisi-kanununun")
    return {
        slug: text
        for place, (slug, text) in enumerate(law_texts.items())
        if place % 10 == 0 or slug.startswith(known)
    }
