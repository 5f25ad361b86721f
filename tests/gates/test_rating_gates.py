"""Each rule of the ratings is proven: break it once, in a copy, and see its property fail."""

import pytest

from tests.gates.breaking import break_and_check, pytest_of
from tests.servers import RUN

SUMS = "tests/unit/test_summing.py"
ADVICE = "tests/unit/test_advising.py"
CASES = "tests/unit/test_own_cases.py"


def twin(name, path, right, wrong, checks, words, test):
    return pytest.param(
        path, right, wrong, pytest_of(checks, words), f"FAILED {checks}::{test}", id=name
    )


TWINS = [
    twin(
        "an order that shows in the bytes",
        "ratings/facts.py",
        "for one in sorted(self.certifications)",
        "for one in self.certifications",
        SUMS, "same_bytes", "test_the_same_facts_give_the_same_bytes",
    ),
    twin(
        "a begun basic that is worth more than a finished one",
        "ratings/summing.py",
        "basic.points if value in basic.earned_by else 0",
        'basic.points if value == "partly" else 0',
        SUMS, "better_answer", "test_a_better_answer_never_lowers_the_score",
    ),
    twin(
        "an answer worth more than 6.08",
        "ratings/summing.py",
        "basic.points if value in basic.earned_by else 0",
        "basic.points * 2 if value in basic.earned_by else 0",
        SUMS, "better_answer", "test_a_better_answer_never_lowers_the_score",
    ),
    twin(
        "a not-knowing that costs",
        "ratings/summing.py",
        "item.points[value], item.most",
        'item.points[value] - (value == "unknown"), item.most',
        SUMS, "weighs_the_same", "test_not_knowing_weighs_the_same",
    ),
    twin(
        "a named person who costs",
        "ratings/summing.py",
        "policy.person if named else 0",
        "0 if named else policy.person",
        SUMS, "naming", "test_naming_a_person_never_lowers",
    ),
    twin(
        "a certificate more that costs",
        "ratings/proving.py",
        "checked = max((_points(one, facts, policy) for one in ours if one.verified), default=0)",
        "checked = 0",
        "tests/unit/test_proving.py", "proof_brings", "test_proof_brings_what_the_policy_says",
    ),
    twin(
        "a second certificate that halves the first",
        "ratings/proving.py",
        "points = _points(best, facts, policy)\n    table",
        "points = _points(best, facts, policy) // len(ours)\n    table",
        SUMS, "one_more", "test_one_more_certificate_never_lowers",
    ),
    twin(
        "a document that is worth more unread than read",
        "ratings/proving.py",
        "return table.document if one.covers else min(table.document, table.elsewhere)",
        "return table.document",
        SUMS, "verifying_it", "test_sending_a_document_and_verifying_it",
    ),
    twin(
        "an expired certificate that counts",
        "ratings/proving.py",
        '{"verified", "declared", "renewal_pending"}',
        '{"verified", "declared", "renewal_pending", "expired"}',
        SUMS, "does_not_hold", "test_a_certificate_that_does_not_hold_never_counts",
    ),
    twin(
        "an exposure that helps",
        "ratings/judging.py",
        "policy.levels[grade][exposure]",
        "policy.levels[grade][3 - exposure]",
        SUMS, "more_exposure", "test_more_exposure_never_lowers_the_level",
    ),
    twin(
        "an incident that costs points",
        "ratings/summing.py",
        "_person(facts.person, policy)",
        "_person(facts.person and not facts.incident_open, policy)",
        SUMS, "incident", "test_an_open_incident_raises_a_flag",
    ),
    twin(
        "facts that are not kept whole",
        "ratings/facts.py",
        'incident_open=plain["incident_open"],',
        "",
        SUMS, "kept_facts", "test_kept_facts_give_the_same_sum_again",
    ),
    twin(
        "answers that are stale a day late",
        "ratings/judging.py",
        "facts.as_of > months_after(facts.answered_on, policy.confidence.stale_months)",
        "facts.as_of > months_after(facts.answered_on, policy.confidence.stale_months + 1)",
        CASES, "comes_to", "test_a_case_comes_to",
    ),
    twin(
        "a clock that looks a day early",
        "ratings/judging.py",
        "min((end + timedelta(1) for end in ends",
        "min((end for end in ends",
        CASES, "next_day", "test_the_next_day",
    ),
    twin(
        "a gain that is promised too high",
        "ratings/advising.py",
        "gain = after.score - before.score",
        "gain = after.score - before.score + 1",
        ADVICE, "every_gain", "test_every_gain_is_what_the_score_rises_by",
    ),
    twin(
        "advice that begins with the least",
        "ratings/advising.py",
        "(-it.gain,",
        "(it.gain,",
        ADVICE, "most_comes_first", "test_the_most_comes_first",
    ),
    twin(
        "a what-if that keeps the old answer",
        "ratings/supposing.py",
        "{**(facts.answers or {}), **change.answers}",
        "{**change.answers, **(facts.answers or {})}",
        "tests/api/test_ratings.py", "begins_with", "test_what_if_with_a_supplier_begins",
    ),
    twin(
        "a what-if on its own facts",
        "ratings/supposing.py",
        "answers=answers, answered_on=facts.as_of",
        "answers=answers, incident_open=True",
        "tests/api/test_ratings.py", "equals", "test_what_if_equals_what_would_be_stored",
    ),
    twin(
        "a certificate alone that replaces better answers",
        "ratings/standing.py",
        "better = earlier.holds and",
        "better = False and",
        "tests/acts/test_standing.py", "never_replaces", "test_a_certificate_alone_never_replaces",
    ),
    twin(
        "a batch without a lock",
        "ratings/rerating.py",
        "due.select_for_update(skip_locked=True, no_key=True)",
        "due",
        "tests/acts/test_rerating.py", "rate_each_once", "test_workers_at_the_same_moment",
    ),
    twin(
        "a verification that trusts what is stored",
        "ratings/verifying.py",
        '"score": result.points,',
        '"score": row.score,',
        "tests/acts/test_verifying.py", "named and score",
        "test_a_row_that_was_changed_is_named[score]",
    ),
    pytest.param(
        "ratings/rating.py",
        "exposure=result.exposure,",
        "exposure=(result.exposure + 1) % 4,",
        pytest_of("tests/contracts/test_queries.py", "never_writes and ratings"),
        "ERROR tests/contracts/test_queries.py::test_reading_never_writes",
        id="a stored rating that is not what its inputs come to, in a test about something else",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "right", "wrong", "check", "complaint"), TWINS)
def test_a_broken_rating_fails_its_property(
    request, tmp_path, path, right, wrong, check, complaint
):
    token = request.config.stash[RUN].token
    break_and_check(tmp_path, path, right, wrong, check, complaint, token=token)
