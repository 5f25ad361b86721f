import pytest

from suppliers.evidence import storing


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    """Where the files of this test are."""
    place = tmp_path / "evidence"
    told = settings.STORAGES["evidence"]
    options = told["OPTIONS"] | {"location": place}
    settings.STORAGES = settings.STORAGES | {"evidence": told | {"OPTIONS": options}}
    return place


@pytest.fixture
def kept():
    """The names of all that is stored."""

    def kept():
        return [name for day in storing.days() for name in storing.names(day)]

    return kept
