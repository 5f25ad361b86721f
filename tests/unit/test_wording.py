"""Letters hide nothing and keep their lines short, whatever people wrote."""

import re
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import wording

TLDS = Path(hypothesis.__file__).parent / "vendor/tlds-alpha-by-domain.txt"
MAILBOX = re.compile(r"[\w.-]+@[\w.-]+", re.ASCII)
BIDI = "\u202a\u202e\u2066\u200f\u200b\ufeff\u00ad"


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("みなと精機", "みなと精機"),
        ("みなと\n精機\t(株)", "みなと 精機 (株)"),
        (f"みな{BIDI}と", "みなと"),
        ("みなと https://evil.example/x 精機", "みなと 精機"),
        ("http://evil.example", ""),
        ("www.evil.example", ""),
        ("みhttp://x.example tp://evil.example", "み"),
        ("evil.example/login みなと", "みなと"),
        ("evil-bank.com", "evil-bank com"),
        ("みなとevil-bank.com精機", "みなとevil-bank com精機"),
        ("login.evil-bank.co.jp", "login evil-bank co jp"),
        ("悪い銀行.com", "悪い銀行 com"),
        ("EVIL.XN--P1AI", "EVIL XN--P1AI"),
        ("evil．com", "evil com"),
        ("a@evil.example", ""),
        ("連絡はa.b+c@evil.exampleまで", "連絡は まで"),
        ("www.www.evil.example", ""),
        ("Mr.Max", "Mr Max"),  # it reads the same, and no ending is guessed at
        ("AOZORA.Inc", "AOZORA Inc"),
        ("A.B商会", "A.B商会"),
        ("株式会社U.S.E", "株式会社U.S.E"),
        ("Yahoo! JAPAN", "Yahoo! JAPAN"),
        ("No.1工業", "No.1工業"),
        ("Web2.0推進室", "Web2.0推進室"),
        ("J.フロント", "J.フロント"),
        ("Aozora Co., Ltd.", "Aozora Co., Ltd."),
        ("St. Marc", "St. Marc"),
        (".NET開発", ".NET開発"),
        ("Cafe@Home株式会社", "Cafe@Home株式会社"),
        ("あ" * 61, "あ" * 59 + "…"),
        ("髙橋﨑 𠮷田", "髙橋﨑 𠮷田"),
    ],
)
def test_names_are_shown_without_tricks(given_, shown):
    assert wording.plain(given_) == shown


@given(st.text())
def test_no_name_hides_anything_or_leads_anywhere(text):
    shown = wording.plain(text)

    assert len(shown) <= 60
    assert "://" not in shown
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", shown)
    assert wording.plain(shown) == shown


ENDINGS = [*re.findall(r"^[a-z0-9-]+$", TLDS.read_text("utf-8"), re.MULTILINE | re.IGNORECASE)]
ENDED = re.compile(rf"[\w-][.．](?:{'|'.join(ENDINGS)})\b", re.IGNORECASE | re.ASCII)
PIECES = st.one_of(
    st.sampled_from(
        ["evil", "銀行", "a", ".", "．", "@", "/", "://", "www.", "-", " ", "\u200b", "株式会社"]
    ),
    st.sampled_from(ENDINGS),
    st.sampled_from(ENDINGS).map(lambda ending: f"evil.{ending}"),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_no_name_is_a_link_in_a_mail_program(text):
    for mailboxes in (False, True):
        shown = wording.plain(text, mailboxes=mailboxes)
        assert wording.plain(shown, mailboxes=mailboxes) == shown
        bare = MAILBOX.sub("", shown) if mailboxes else shown
        assert not ENDED.search(bare)
        assert "://" not in shown


def test_whom_to_write_to_may_be_a_mailbox():
    told = "相談先: cost@minato.example / evil.example"

    shown = wording.plain(told, mailboxes=True)

    assert shown == "相談先: cost@minato.example / evil example"


@given(st.text(max_size=300))
def test_no_line_of_a_letter_is_longer_than_35_full_width_characters(text):
    subject, body = wording.letter(f"【{text}】対策状況の確認のお願い\n\n{text}")

    assert wording.width(subject) <= 60
    for line in body.splitlines():
        assert wording.width(line) <= 70 or re.fullmatch(r"https?://\S+", line)


@given(st.text(st.characters(categories=["Lo", "Lu", "Nd", "Po"]), max_size=300))
def test_folding_loses_no_character(text):
    assert "".join(wording.fold(text).split()) == "".join(text.split())


def test_an_address_stays_on_one_line():
    link = "https://tasuki.example/r/" + "x" * 80

    assert wording.fold(f"次のページ\n{link}\n以上") == f"次のページ\n{link}\n以上"


def test_a_line_does_not_begin_with_a_comma_or_a_bracket():
    folded = wording.fold("あ" * 35 + "。" + "い" * 34 + "」")

    assert not any(line.startswith(("。", "」")) for line in folded.splitlines())


def test_it_is_the_name_that_gives_way_in_a_subject():
    subject = wording.subject("【" + "みなと" * 20 + "】対策状況の確認のお願い")

    assert subject.endswith("…】対策状況の確認のお願い")
    assert wording.width(subject) <= 60
