"""The sum behind a clearance: reviews are computed, a hold never is, and the calendar is honest."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.clearance import Certificate, Known, Span, Status, Turn, judge

TODAY = date(2026, 3, 31)
DAY = timedelta(days=1)
dates = st.dates(TODAY - 40 * DAY, TODAY + 40 * DAY)
schemes = st.sampled_from(["isms", "pmark", "scs_3", "scs_4", "security_action_1"])
spans = st.tuples(dates, dates).map(lambda pair: Span(min(pair), max(pair)))


def knowns(holds=True):
    return st.builds(
        Known,
        level=st.sampled_from([None, "low", "medium", "high", "critical", "unknown"]),
        fresh_until=st.none() | dates,
        exposure_complete=st.booleans(),
        asked=st.booleans(),
        waiting=st.booleans(),
        due_ons=st.lists(dates, max_size=3).map(tuple),
        required=st.lists(schemes, max_size=3, unique=True).map(tuple),
        certificates=st.lists(
            st.builds(Certificate, schemes, st.none() | dates), max_size=3
        ).map(tuple),
        holds=st.lists(spans, max_size=2).map(tuple) if holds else st.just(()),
    )  # fmt: skip


def codes(known, day=TODAY):
    return [reason.code for reason in judge(known, day).reasons]


def told(known, day):
    return replace(judge(known, day), valid_until=None)


@given(knowns(holds=False), dates)
def test_without_a_persons_hold_nothing_is_ever_held(known, day):
    judged = judge(known, day)

    assert judged.status is not Status.HOLD
    assert judged.cleared
    assert (judged.status is Status.CLEAR) == (judged.reasons == ())


@given(knowns(), dates)
def test_a_hold_counts_on_its_days_and_on_no_other(known, day):
    judged = judge(known, day)

    held = any(span.from_on <= day <= span.until_on for span in known.holds)
    assert (judged.status is Status.HOLD) == held == (not judged.cleared)
    assert ("held" in codes(known, day)) == held


@given(knowns(), dates)
def test_the_answer_holds_until_its_last_day_and_changes_on_the_next(known, day):
    until = judge(known, day).valid_until

    last = until or day + 200 * DAY
    for later in range((last - day).days + 1):
        assert told(known, day + later * DAY) == told(known, day)
    if until:
        assert until >= day
        assert told(known, until + DAY) != told(known, day)


@given(knowns(), dates, st.data())
def test_a_decline_talks_or_a_bounce_never_add_a_reason(known, day, data):
    """All of them take requests away from those that are expected, and nothing else."""
    expected = tuple(due_on for due_on in known.due_ons if data.draw(st.booleans()))
    after = replace(known, due_ons=expected, waiting=data.draw(st.booleans()))

    assert set(codes(after, day)) <= set(codes(known, day))


@given(knowns(), dates, schemes)
def test_one_more_certificate_never_adds_a_reason(known, day, scheme):
    after = replace(known, certificates=(*known.certificates, Certificate(scheme)))

    assert len(codes(after, day)) <= len(codes(known, day))


@given(knowns(), dates)
def test_every_reason_is_a_sentence_in_both_languages_and_somebodys_turn(known, day):
    for reason in judge(known, day).reasons:
        assert reason.detail.ja.endswith("。")
        assert reason.detail.en.endswith(".")
        assert reason.plain["turn"] in set(Turn)


def test_what_is_known_and_fine_is_clear():
    judged = judge(Known(level="medium", fresh_until=TODAY), TODAY)

    assert (judged.status, judged.reasons, judged.level) == ("clear", (), "medium")
    assert judged.valid_until == TODAY


def test_each_reason_alone_makes_a_review():
    cases = {
        "level_high": Known(level="high"),
        "level_critical": Known(level="critical"),
        "certification_missing": Known(required=("isms",)),
        "answers_stale": Known(level="low", fresh_until=TODAY - DAY),
        "never_asked": Known(asked=False),
        "exposure_incomplete": Known(exposure_complete=False),
        "overdue": Known(due_ons=(TODAY - DAY,)),
    }

    for code, known in cases.items():
        assert codes(known) == [code]
        assert judge(known, TODAY).status is Status.REVIEW


def test_a_request_is_not_overdue_on_its_due_day():
    assert codes(Known(due_ons=(TODAY,))) == []
    assert judge(Known(due_ons=(TODAY,)), TODAY).valid_until == TODAY


def test_stale_answers_leave_no_level_and_wait_for_whoever_is_next():
    stale = Known(level="critical", fresh_until=TODAY - DAY)

    [alone] = judge(stale, TODAY).reasons
    [asked] = judge(replace(stale, waiting=True), TODAY).reasons

    assert judge(stale, TODAY).level == "unknown"
    assert (alone.turn, asked.turn) == (Turn.CONTRACTOR, Turn.SUPPLIER)


def test_the_higher_star_is_enough_and_the_lower_is_not():
    held = (Certificate("scs_4"), Certificate("security_action_1"))

    assert codes(Known(required=("scs_3",), certificates=held)) == []
    assert codes(Known(required=("scs_4", "security_action_2"), certificates=held)) == [
        "certification_missing"
    ]
