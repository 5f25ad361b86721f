"""Every gate is proven: break the rule once, in a copy, and see the named check fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.running import JOINED
from tests.servers import RUN

LAYERS = ["lint-imports", "--no-cache"]
OURS = [
    "assessments", "benchmarks", "config", "contractors", "demo", "events", "locale",
    "questionnaires", "ratings", "retention", "suppliers", "tests", "pyproject.toml",
    "manage.py", "README.md",
]  # fmt: skip


def pytest_of(paths, words):
    return ["pytest", "-q", "-x", "-p", "no:cacheprovider", *paths.split(), "-k", words]


TWINS = [
    pytest.param(
        "assessments/asking.py",
        "from assessments import awaiting, inviting, owing, preparing, scheduling, weighing\n",
        "from assessments import awaiting, inviting, owing, preparing, tasks, weighing\n",
        LAYERS,
        "Nobody imports tasks: ring instead BROKEN",
        id="an act that knows the queue",
    ),
    pytest.param(
        "suppliers/registering.py",
        "from events import recording\n",
        "from assessments import asking\nfrom events import recording\n",
        LAYERS,
        "Apps: each knows only those below it BROKEN",
        id="an app that knows the one above it",
    ),
    pytest.param(
        "ratings/summing.py",
        "from collections.abc",
        "import django\nfrom collections.abc",
        LAYERS,
        "The sums know no framework BROKEN",
        id="a sum that knows a framework",
    ),
    pytest.param(
        "ratings/summing.py",
        "score = sum(driver.points for driver in drivers)",
        "score = sum(driver.points for driver in drivers if driver.points > 0)",
        pytest_of("tests/unit/test_summing.py", "add_up"),
        "FAILED tests/unit/test_summing.py::test_drivers_add_up",
        id="a sum that forgets its limit",
    ),
    pytest.param(
        "assessments/clearance.py",
        "Status.HOLD if held else",
        "Status.HOLD if held or len(found) > 3 else",
        pytest_of("tests/unit/test_clearance.py", "nothing_is_ever_held"),
        "FAILED tests/unit/test_clearance.py::test_without_a_persons_hold",
        id="a service that stops orders by itself",
    ),
    pytest.param(
        "assessments/warning.py",
        "facts.implement_by < months_after",
        "facts.implement_by <= months_after",
        pytest_of("tests/unit/test_warning.py", "just_enough"),
        "FAILED tests/unit/test_warning.py::test_what_is_just_enough",
        id="a warning of what is just enough",
    ),
    pytest.param(
        "assessments/deciding.py",
        "return abs(handed.score - handed.last_score)",
        "return handed.last_score - handed.score",
        pytest_of("tests/unit/test_deciding.py", "big_change"),
        "FAILED tests/unit/test_deciding.py::test_a_big_change_is_looked_at_in_either_direction",
        id="a rule that looks at what got worse alone",
    ),
    pytest.param(
        "assessments/deciding.py",
        "for flag in Flag if found.get(flag)",
        "for flag in Flag if found.get(flag) and len(found) > 99",
        pytest_of("tests/unit/test_deciding.py", "each_flag"),
        "FAILED tests/unit/test_deciding.py::test_each_flag_alone_keeps_it_for_a_person",
        id="a rule that forgets its reasons",
    ),
    pytest.param(
        "ratings/policies/tasuki-2026.1.yaml",
        "done: 208",
        "done: 209",
        pytest_of("tests/unit/test_policy.py", "every_policy_of_ours"),
        "BadPolicy",
        id="a policy that does not add up to 100",
    ),
    pytest.param(
        "questionnaires/scoring.py",
        "sums[str(item.section)] += points[item.number]",
        "sums[str(item.section)] += max(points[item.number], 0)",
        pytest_of("tests/unit/test_scoring.py", "part"),
        "FAILED tests/unit/test_scoring.py",
        id="parts that do not add up to the total",
    ),
    pytest.param(
        "config/patience.py",
        "self.silent = min(self.silent, -ASKS_AGAIN)",
        "self.silent += awake",
        pytest_of("tests/unit/test_patience.py", "broker"),
        "FAILED tests/unit/test_patience.py::test_while_the_broker_is_away",
        id="a worker ended for the absence of its broker",
    ),
    pytest.param(
        "assessments/timetable.py",
        "return day.weekday() < 5 and",
        "return day.weekday() < 6 and",
        pytest_of("tests/unit/test_timetable.py", "business"),
        "FAILED tests/unit/test_timetable.py",
        id="a letter on a Saturday",
    ),
    pytest.param(
        "assessments/calling.py",
        "Q(told_in=None) | Q(pk=notice.pk)",
        "pk=notice.pk",
        pytest_of("tests/acts/test_calling.py", "one_morning"),
        "FAILED tests/acts/test_calling.py::test_several_to_phone_on_one_morning",
        id="a call for each in a letter of its own",
    ),
    pytest.param(
        "assessments/taking_turns.py",
        "if any(each.counted_on == self.today",
        "if all(each.counted_on == self.today",
        pytest_of("tests/acts/test_taking_turns.py", "waits_for_the_next_business_day"),
        "FAILED tests/acts/test_taking_turns.py::test_what_comes_up_after_the_letter_of_the_day",
        id="a second letter on one day",
    ),
    pytest.param(
        "assessments/timetable.py",
        "return is_business_day(there.date()) and OPENS <= there.time() < CLOSES",
        "return True",
        pytest_of("tests/acts/test_taking_turns.py", "outside_the_hours"),
        "FAILED tests/acts/test_taking_turns.py::test_outside_the_hours_it_is_put_off",
        id="a letter at night",
    ),
    pytest.param(
        "assessments/mailing.py",
        "if mail.pk in bound and not timetable.is_open(now):",
        "if not bound:",
        pytest_of("tests/acts/test_pacing.py", "comes_after_five"),
        "FAILED tests/acts/test_pacing.py::test_a_letter_whose_turn_comes_after_five",
        id="a letter of a slow claim that leaves after five",
    ),
    pytest.param(
        "assessments/pacing.py",
        "> campaign.mails_per_minute:",
        "> 1000:",
        pytest_of("tests/acts/test_pacing.py", "due_for_long"),
        "FAILED tests/acts/test_pacing.py::test_what_is_due_for_long_leaves_at_the_campaigns_pace",
        id="a burst after an outage",
    ),
    pytest.param(
        "assessments/taking_turns.py",
        "launched_at__gt=self.now - UNDO",
        "launched_at__gt=self.now",
        pytest_of("tests/acts/test_settling.py", "until_then"),
        "FAILED tests/acts/test_settling.py::test_until_then_no_other_letter",
        id="an invitation that another letter takes along",
    ),
    pytest.param(
        "assessments/locking.py",
        "if assessment.confirmations.asked().exists():",
        "if assessment.confirmations.asked().count() > 1:",
        pytest_of("tests/acts/test_confirming.py", "do_not_change"),
        "FAILED tests/acts/test_confirming.py::test_answers_that_are_being_confirmed_do_not_change",
        id="answers that change while they are confirmed",
    ),
    pytest.param(
        "assessments/refreshing.py",
        "now == self._versions.get(mail.pk) and ",
        "",
        pytest_of("tests/acts/test_withholding.py", "while_the_letters_before_it_leave"),
        "FAILED tests/acts/test_withholding.py::test_what_happens_while_the_letters",
        id="a letter that is as old as its claim",
    ),
    pytest.param(
        "assessments/delegating.py",
        "if not set(given) <= set(delegation.numbers):",
        "if not set(given):",
        pytest_of("tests/acts/test_delegating.py", "writes_only"),
        "FAILED tests/acts/test_delegating.py::test_a_colleague_writes_only",
        id="a colleague who answers what nobody asked",
    ),
    pytest.param(
        "assessments/rechecking.py",
        "return Reason.CAPPED if",
        "return None if",
        pytest_of("tests/acts/test_taking_turns.py", "of_four_letters"),
        "FAILED tests/acts/test_taking_turns.py::test_of_four_letters_to_a_person",
        id="a fifth letter about a request",
    ),
    pytest.param(
        "assessments/rechecking.py",
        "return Reason.EXTENDED if",
        "return None if",
        pytest_of("tests/acts/test_taking_turns.py", "names_the_old_day"),
        "FAILED tests/acts/test_taking_turns.py::test_a_reminder_that_names_the_old_day",
        id="a reminder of a day that has moved",
    ),
    pytest.param(
        "assessments/timetable.py",
        "            before = day\n",
        "            before = before\n",
        pytest_of("tests/unit/test_schedule.py", "short_deadline or day_of_its_own"),
        "FAILED tests/unit/test_schedule.py",
        id="two letters bunched before a short deadline",
    ),
    pytest.param(
        "assessments/timetable.py",
        "if asked_on < day < before",
        "if day < before",
        pytest_of("tests/unit/test_schedule.py", "short_deadline"),
        "FAILED tests/unit/test_schedule.py::test_a_short_deadline_leaves_steps_out",
        id="a reminder on the day of the invitation",
    ),
    pytest.param(
        "events/operating.py",
        "filter(pk=claimed.pk, attempt=claimed.attempt)",
        "filter(pk=claimed.pk)",
        pytest_of("tests/importing/test_operating.py", "slept"),
        "FAILED tests/importing/test_operating.py",
        id="an operation without its fence",
    ),
    pytest.param(
        "events/addresses.py",
        '        "64:ff9b::/96",  # NAT64 wraps any IPv4 address\n',
        "",
        pytest_of("tests/unit/test_addresses.py", "inside or coat"),
        "FAILED tests/unit/test_addresses.py",
        id="a webhook through NAT64",
    ),
    pytest.param(
        "events/api/views.py",
        "class EventViewSet(OwnRowsViewSet[Event])",
        "class EventViewSet(OwnRowsViewSet.__base__)",
        pytest_of("tests/contracts/test_access.py", "own_rows_only"),
        "FAILED tests/contracts/test_access.py::test_every_view_of_the_api_sees_own_rows_only",
        id="a view that sees everything",
    ),
    pytest.param(
        "contractors/api/scoping.py",
        "return rows.of(self.contractor)",
        "return rows",
        pytest_of("tests/contracts/test_tenancy.py", "anothers_row_is_404"),
        "FAILED tests/contracts/test_tenancy.py::test_anothers_row_is_404",
        id="a base that scopes nothing",
    ),
    pytest.param(
        "contractors/api/scoping.py",
        'rows.filter(pk=owner.pk).values("pk").first()',
        'rows.filter(pk=owner.pk).values("pk")',
        pytest_of("tests/contracts/test_versions.py", "of_two_changes"),
        "FAILED tests/contracts/test_versions.py::test_of_two_changes_of_the_same_version",
        id="a version that is compared before its row is held",
    ),
    pytest.param(
        "suppliers/api/views.py",
        "    read_scope = Scope.SUPPLIERS_READ\n",
        "",
        pytest_of("tests/contracts/test_access.py", "declares_the_scope"),
        "FAILED tests/contracts/test_access.py::test_every_call_declares_the_scope_it_needs",
        id="a view open to every key",
    ),
    pytest.param(
        "contractors/api/authentication.py",
        "if role is not None and role not in roles:",
        "if role is None and role not in roles:",
        pytest_of("tests/contracts/test_access.py", "each_role and webhooks"),
        "FAILED tests/contracts/test_access.py::test_each_role_gets_in_where_it_is_declared",
        id="a role that stops nobody",
    ),
    pytest.param(
        "contractors/models.py",
        "return self.allows(Scope.ANSWERS_READ) and self.reads_as() in readers",
        "return self.allows(Scope.ANSWERS_READ)",
        pytest_of("tests/api/test_sharing.py", "not_named and BUYER"),
        "FAILED tests/api/test_sharing.py::test_who_was_not_named_hears",
        id="answers told to whom the supplier was not told of",
    ),
    pytest.param(
        "contractors/api/scoping.py",
        "from contractors.roles import ADMINS, Roles",
        "from contractors.roles import EVERYBODY as ADMINS, Roles",
        pytest_of("tests/contracts/test_access.py", "declares_no_role"),
        "FAILED tests/contracts/test_access.py::test_what_declares_no_role_is_for_admins",
        id="an action that forgot its roles, open to all",
    ),
    pytest.param(
        "events/owed.py",
        "attempt=row.attempt, closed_at=None",
        "closed_at=None",
        pytest_of("tests/acts/test_owing.py", "slept"),
        "FAILED tests/acts/test_owing.py::test_a_worker_that_slept_over_its_lease",
        id="a row without a fence",
    ),
    pytest.param(
        "events/owed.py",
        'select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]',
        "all()[:limit]",
        pytest_of("tests/acts/test_owing.py", "claim_each_row_once"),
        "FAILED tests/acts/test_owing.py::test_workers_at_the_same_moment_claim_each_row_once",
        id="a claim without a lock",
    ),
    pytest.param(
        "events/reconnecting.py",
        "ENDED: Final = (InterfaceError, OperationalError)",
        "ENDED: Final = (InterfaceError,)",
        pytest_of("tests/acts/test_ended_connections.py", "handed_over"),
        "FAILED tests/acts/test_ended_connections.py::test_while_a_letter_is_handed_over",
        id="a letter that leaves twice because a connection was ended",
    ),
    pytest.param(
        "assessments/owing.py",
        '        assessment=OuterRef("pk"),\n',
        '        assessment=OuterRef("pk"),\n        mail__contact=OuterRef("contact"),\n',
        pytest_of("tests/acts/test_common_letters.py", "gets_its_apology"),
        "FAILED tests/acts/test_common_letters.py::test_each_of_them_gets_its_apology",
        id="a common letter that counts for one of its requests",
    ),
    pytest.param(
        "assessments/answering.py",
        "return not same and stored.version != given.version",
        "return False",
        pytest_of("tests/acts/test_answering.py", "overwritten"),
        "FAILED tests/acts/test_answering.py",
        id="an answer overwritten unseen",
    ),
    pytest.param(
        "assessments/reminding.py",
        "assessment.move_to(Status.EXPIRED)",
        "assessment.move_to(Status.CANCELLED)",
        pytest_of("tests/properties/test_lifecycle.py", "lives"),
        "FAILED tests/properties/test_lifecycle.py::test_a_request_lives_as_the_model_says",
        id="a clock that takes another edge",
    ),
    pytest.param(
        "ratings/suppressing.py",
        "while before and not _open(cells, places, also):",
        "while before and not places:",
        pytest_of("tests/unit/test_suppressing.py", "worked_out"),
        "FAILED tests/unit/test_suppressing.py::test_no_withheld_cell_can_be_worked_out",
        id="a small count that its total gives away",
    ),
    pytest.param(
        "ratings/survey.py",
        "if size_class in ABOVE_SMALL else None",
        "if size_class else None",
        pytest_of("tests/unit/test_survey.py", "bands"),
        "FAILED tests/unit/test_survey.py::test_bands_are_withheld_from_all_others",
        id="a figure beside firms it was not measured for",
    ),
    pytest.param(
        "assessments/analysing/crosstab.py",
        "found if question.depends else None",
        "None",
        pytest_of("tests/api/test_crosstab.py", "its_base_would_tell"),
        "FAILED tests/api/test_crosstab.py::test_what_depends_on_an_incident_hides",
        id="a base that tells what another table withholds",
    ),
]


@pytest.mark.parametrize(("path", "right", "wrong", "check", "complaint"), TWINS)
def test_a_broken_twin_fails_its_check(request, tmp_path, path, right, wrong, check, complaint):
    token = request.config.stash[RUN].token
    break_and_check(tmp_path, path, right, wrong, check, complaint, token=token)


def break_and_check(tmp_path, path, right, wrong, check, complaint, *, token):
    for name in OURS:
        copy(settings.BASE_DIR / name, tmp_path / name)
    text = (tmp_path / path).read_text()
    assert right in text
    (tmp_path / path).write_text(text.replace(right, wrong, 1))

    result = run(check, tmp_path, token)

    assert result.returncode != 0
    assert complaint in result.stdout


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    elif source.exists():
        shutil.copy(source, target)


def run(command: list[str], folder: Path, token: str) -> subprocess.CompletedProcess[str]:
    """No twin breaks what the databases are made of, so all of them use those of this run."""
    here = Path(sys.executable).parent
    named = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = named | {"PATH": f"{here}:{os.environ['PATH']}", JOINED: token}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
