"""A backup comes back whole or not at all, and frozen until somebody releases it."""

import pytest
from django.core.management import call_command
from django.db import connections

from config import dumping, roles
from contractors.models import Contractor
from events.models import Freeze
from tests.factories import ContractorFactory


@pytest.fixture
def backup(committed, tmp_path):
    ContractorFactory.create(name="株式会社𠮷野")
    path = tmp_path / "backups" / "one.dump"
    dumping.dump(path)
    connections.close_all()
    return path


def test_a_backup_is_private(backup):
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(backup.parent.iterdir()) == [backup]


def test_a_restored_copy_is_whole_and_frozen_until_it_is_released(backup, capsys):
    ContractorFactory.create(name="made after the backup")
    connections.close_all()

    call_command("restore", str(backup), force=True)

    assert [each.name for each in Contractor.objects.all()] == ["株式会社𠮷野"]
    assert Freeze.objects.count() == 1
    assert roles.dangers(connections["default"]) == []
    call_command("release")
    assert not Freeze.objects.exists()


def test_what_is_there_is_not_overwritten_unless_asked(backup):
    with pytest.raises(dumping.NotRestored, match="not empty"):
        dumping.restore(backup, replace=False)

    assert not Freeze.objects.exists()


def test_half_a_backup_changes_nothing(backup):
    backup.write_bytes(backup.read_bytes()[:-2000])

    with pytest.raises(dumping.NotRestored, match="whole dump"):
        dumping.restore(backup, replace=True)

    assert Contractor.objects.count() == 1
    assert not Freeze.objects.exists()


def test_a_database_in_use_is_left_alone(backup):
    assert Contractor.objects.count() == 1  # this process is a user of it

    with pytest.raises(dumping.NotRestored, match="in use"):
        dumping.restore(backup, replace=True)
