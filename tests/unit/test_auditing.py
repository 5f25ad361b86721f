"""An audit that could not look is no success."""

import pytest

from tools.audit import judge, locked

CLEAN = {"name": "Django", "version": "5.2", "vulns": []}
BAD = {"name": "urllib3", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
UNKNOWN = {"name": "tasuki", "skip_reason": "not on the index"}


@pytest.mark.parametrize(
    ("named", "found", "status"),
    [
        ({"django"}, [CLEAN], 0),
        ({"django", "urllib3"}, [CLEAN, BAD], 1),
        ({"django", "tasuki"}, [CLEAN, UNKNOWN], 2),
        ({"django", "urllib3"}, [CLEAN], 2),
        ({"urllib3", "tasuki"}, [BAD, UNKNOWN], 2),
        (set(), [], 2),
    ],
)
def test_only_a_whole_and_clean_audit_succeeds(named, found, status):
    assert judge(named, found) == status


def test_what_could_not_be_audited_is_named(capsys):
    judge({"django", "celery"}, [CLEAN])

    assert "celery could not be audited" in capsys.readouterr().out


def test_packages_for_other_machines_are_not_asked_about():
    text = (
        "Django==5.2 \\\n    --hash=sha256:00\n    # via x\n"
        "pywin32==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )

    assert locked(text) == {"django"}
