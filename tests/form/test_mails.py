"""The letters: short lines, one action link, the five answers, nothing that does not exist."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from assessments import lettering, wording
from assessments.models import Occasion, Status
from assessments.reviewing import Return, return_
from assessments.submitting import Responsible, submit
from contractors.actors import SYSTEM
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    ContactFactory,
    ContractorFactory,
    DelegationFactory,
)

pytestmark = pytest.mark.django_db
LINK = "https://tasuki.example/r/" + "x" * 43
NOTICE = "https://www.minato.example/oshirase/security"
NOW = datetime(2026, 12, 15, 1, tzinfo=UTC)
FRIDAY = date(2026, 12, 18)
LONG = "とても長い名前の会社" * 12
ASKED = {
    "scope": "図面データを扱うパソコン\n\n■お知らせ https://evil.example/",
    "promises": ["A", "D"],
    "answers_seen_by": ["security", "buyer"],
    "cost": {"bearer": "to_be_discussed", "talks_welcome": True, "contact": "購買部 佐藤"},
    "effect_if_not_met": "お取引への影響はありません。",
}
# Its reader is in a page already, or has none any more.
WITHOUT = {"code", "handed_over_copy", "cancelled"}
OTHERS = ("receipt", "certificate", "delegated")  # told apart below, or in test_composing
KINDS = [kind for kind in Occasion.Kind if not kind.startswith(OTHERS)]


def request_to(language, *, name="みなと精機株式会社", **fields):
    contractor = ContractorFactory.create(
        name=name,
        department="購買部",
        hours="平日9時〜17時",
        notice_url=NOTICE,
        main_phone="03-0000-1234",
    )
    contact = ContactFactory.create(contractor=contractor, language=language)
    made = fields.pop("factory", AssessmentFactory)
    return made.create(
        contractor=contractor,
        contact=contact,
        due_on=date(2026, 12, 18),
        requirements=ASKED,
        **fields,
    )


def letters(language, **fields):
    """Every letter there is, by name."""
    fresh = request_to(language, **fields)
    started = request_to(language, status=Status.STARTED, **fields)
    done = request_to(language, factory=AnsweredFactory, **fields)
    person = Responsible("山田太郎", "代表", "yamada@yamada.example")
    told = {
        f"{kind}": lettering.letter(fresh, fresh.contact, kind, link=LINK, now=NOW)
        for kind in KINDS
    }
    told["started"] = lettering.letter(
        started, started.contact, Occasion.Kind.FIRST_REMINDER, link=LINK, now=NOW
    )
    told["ready"] = lettering.letter(
        done, done.contact, Occasion.Kind.FIRST_REMINDER, link=LINK, now=NOW
    )
    submit(done, responsible=person, now=done.requested_at)
    told["receipt"] = lettering.letter(
        done, done.contact, Occasion.Kind.RECEIPT, link=LINK, now=NOW
    )
    told["code"] = lettering.code(fresh, fresh.contact, "012345")
    part = DelegationFactory.create(assessment=fresh, contact__language=language)
    told["delegated"] = lettering.delegated(part, part.contact, link=LINK)
    return told


@pytest.mark.parametrize(
    "name", ["みなと精機株式会社", LONG, "A very long English company name " * 5]
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_letters_have_short_lines_and_short_subjects(language, name):
    for kind, letter in letters(language, name=name[:200]).items():
        assert wording.width(letter.subject) <= 60, kind
        for line in letter.body.splitlines():
            assert wording.width(line) <= 70 or line in {LINK, NOTICE}, (kind, line)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_letters_have_one_action_link_alone_on_its_line(language):
    for kind, letter in letters(language).items():
        found = re.findall(r"https?://\S+", letter.body)
        assert found.count(LINK) == (0 if kind in WITHOUT else 1), kind
        assert set(found) <= {LINK, NOTICE}
        assert LINK in letter.body.splitlines() or kind in WITHOUT


@pytest.mark.parametrize("language", ["ja", "en"])
def test_letters_hold_no_leftovers_of_templates_and_no_shouting(language):
    for kind, letter in letters(language).items():
        text = letter.subject + letter.body
        assert not re.search(r"[{}]|&[a-z]+;|&#|None|\n{3,}", text), (kind, text)
        assert not re.search("重要|至急|督促|必ず|下請|審査|監査", text), kind
        assert letter.subject[0] in "【["


@pytest.mark.parametrize(
    "said",
    [
        "【みなと精機株式会社】対策状況の確認のお願い",
        "山田太郎様",
        "みなと精機株式会社 購買部の佐藤花子です。",
        "■回答期限 2026年12月18日(金)",
        "■所要時間 15分ほど",
        "「わからない」と答えて提出できます。",
        "資料の添付も印鑑も不要です。",
        "回答を見る人:弊社の情報セキュリティの担当者、購買の担当者",
        "お取引を見直すことはありません。",
        "費用の負担は、話し合って決めます。",
        "ご相談の窓口:購買部 佐藤",
        "対象:図面データを扱うパソコン ■お知らせ\n",
        "代表電話 03-0000-1234",
        "お取引への影響はありません。",
    ],
)
def test_the_invitation_answers_what_suppliers_ask_first(said):
    letter = letters("ja")["invitation"]
    text = letter.subject + "\n" + letter.body

    assert said in text or said in text.replace("\n", "")


def test_reminders_differ_for_those_who_began():
    told = letters("ja")

    assert told["first_reminder"].subject.endswith("確認のお願い(12月18日まで)")
    assert told["second_reminder"].subject.endswith("12月18日が期限です")
    assert "残り25問です" in told["started"].subject
    assert "提出のお願い" in told["ready"].subject


@pytest.mark.parametrize(
    ("due_on", "later", "said", "in_english"),
    [
        (FRIDAY, 0, "あと3営業日", "3 business days left"),
        (FRIDAY, 2, "あと1営業日", "1 business day left"),
        (FRIDAY, 3, "本日が期限です", "is due today"),
        (FRIDAY + timedelta(days=2), 3, "期限が近づきました", "is due soon"),
        (FRIDAY, 6, "期限を過ぎましたが", "has passed"),
    ],
)
def test_the_second_reminder_counts_the_days_that_are_left_when_it_leaves(
    due_on, later, said, in_english
):
    now = NOW + timedelta(days=later)
    for language, words in [("ja", said), ("en", in_english)]:
        asked = request_to(language)
        asked.due_on = due_on
        kind = Occasion.Kind.SECOND_REMINDER
        letter = lettering.letter(asked, asked.contact, kind, link=LINK, now=now)
        assert words in letter.body.replace("\n", " ")


def test_no_letter_tells_an_answer_or_the_score():
    for letter in letters("ja").values():
        assert "実施している" not in letter.body
        assert not re.search(r"\d点", letter.body)


def test_a_name_that_is_an_address_leads_nowhere():
    letter = letters("ja", name="http://evil.example/ 精機")["invitation"]

    assert "evil" not in letter.subject + letter.body + letter.sender


@pytest.mark.parametrize(("language", "subject"), [("ja", "2問について"), ("en", "2 items")])
def test_a_return_asks_all_its_questions_in_one_letter(language, subject):
    done = request_to(language, factory=AnsweredFactory)
    submit(done, responsible=Responsible("山田", "代表", "y@y.example"), now=done.requested_at)
    questions = {3: "どのパソコンですか。 https://evil.example/", 5: "いつからですか。"}
    asked = Return(date(2026, 12, 25), questions, "急ぎません。")
    returned = return_(done, asked, actor=SYSTEM, now=done.requested_at)

    letter = lettering.letter(
        returned, returned.contact, Occasion.Kind.RETURNED, link=LINK, now=NOW
    )

    assert subject in letter.subject
    for said in ["どのパソコンですか。", "いつからですか。", "急ぎません。", "12", "25", LINK]:
        assert said in letter.body
    assert "evil.example" not in letter.body
    assert all(wording.width(line) <= 70 for line in letter.body.splitlines() if line != LINK)


@pytest.mark.parametrize(("language", "use"), [("ja", "使いみち"), ("en", "Use:")])
def test_nothing_is_promised_in_the_name_of_who_said_nothing(language, use):
    told = letters(language)
    silent = request_to(language)
    silent.requirements = {}
    for kind in (Occasion.Kind.INVITATION, Occasion.Kind.HANDED_OVER):
        letter = lettering.letter(silent, silent.contact, kind, link=LINK, now=NOW)
        assert use not in letter.body
        assert len(letter.body) < len(told[kind].body)
