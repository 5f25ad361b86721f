"""Each rule about letters is proven: break it once, in a copy, and see its test fail."""

import pytest

from tests.gates.breaking import break_and_check, pytest_of
from tests.servers import RUN

TWINS = [
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
        "assessments/refreshing.py",
        "now == self._versions.get(mail.pk) and ",
        "",
        pytest_of("tests/acts/test_withholding.py", "while_the_letters_before_it_leave"),
        "FAILED tests/acts/test_withholding.py::test_what_happens_while_the_letters",
        id="a letter that is as old as its claim",
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
]


@pytest.mark.parametrize(("path", "right", "wrong", "check", "complaint"), TWINS)
def test_a_broken_letter_fails_its_check(request, tmp_path, path, right, wrong, check, complaint):
    token = request.config.stash[RUN].token
    break_and_check(tmp_path, path, right, wrong, check, complaint, token=token)
