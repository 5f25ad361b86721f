"""What is dangerous together is refused before any command runs."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError


def test_the_clock_is_not_moved_behind_https(settings):
    settings.ALLOW_CLOCK = settings.HTTPS = True

    with pytest.raises(SystemCheckError, match=r"config\.E003"):
        call_command("check")


@pytest.mark.parametrize(("clock", "https"), [(True, False), (False, True), (False, False)])
def test_either_alone_is_fine(settings, clock, https):
    settings.ALLOW_CLOCK, settings.HTTPS = clock, https

    call_command("check")
