"""Every letter as it leaves, in both languages, whatever people call themselves."""

import re
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from assessments import composing, inviting, wording
from assessments.inviting import Way
from assessments.models import (
    ABOUT_CERTIFICATES,
    BY_ITSELF,
    LINKLESS,
    Confirmation,
    Mail,
    Occasion,
)
from assessments.submitting import Responsible, submit
from suppliers.models import Contact
from tests.factories import AnsweredFactory, CertificationFactory, DelegationFactory

pytestmark = pytest.mark.django_db

NOTICE = "https://www.minato.example/oshirase"
HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
NASTY = (
    "", "https://evil.example/x", "www.evil.example", "山田\u202e太郎", "あ" * 90, "A" * 90,
    "Bcc: all@evil.example", "佐藤\r\nBcc: all@evil.example", "{{ link }}", "{% now 'Y' %}",
    "<b>みなと</b> & 子", "部長様様", "【重】", '"quoted" <x@evil.example>', "𠮷野家👩‍💻",
)  # fmt: skip
NAMES = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=90)
# Reads on paper or is told by other means; the rest have one thing to click.
CLICKS = [kind for kind in Occasion.Kind if kind not in LINKLESS]
TOGETHER = {"invitation", "second_reminder", "after_due", *ABOUT_CERTIFICATES}


@pytest.fixture
def occasions():
    """One of each kind, about a request that was handed in or a certificate of its supplier."""
    done = AnsweredFactory.create(contractor__notice_url=NOTICE, contractor__main_phone="03-1")
    contractor, now = done.contractor, timezone.now()
    submit(done, responsible=Responsible("山田", "代表", "y@yamada.example"), now=now)
    done.refresh_from_db()
    row = CertificationFactory.create(contractor=contractor, supplier=done.supplier)
    Confirmation.objects.create(
        contractor=contractor, assessment=done, person=done.contact, digest="0" * 64, asked_at=now
    )
    mail = Mail.objects.create(contractor=contractor, contact=done.contact, due_at=now)
    colleague = DelegationFactory.create(assessment=done, note="倉庫のことを https://evil.example/")
    made = {}
    for number, kind in enumerate(Occasion.Kind):
        about = {"certification": row} if kind.startswith("certificate") else {"assessment": done}
        if kind == Occasion.Kind.DELEGATED:
            about = {"delegation": colleague}
        made[kind] = Occasion(
            pk=-number, contractor=contractor, mail=mail, kind=kind, arose_on=now.date(), **about
        )
    return made


def subject(occasion):
    """The request or the certificate that it is about."""
    asked = occasion.delegation.assessment if occasion.delegation else occasion.assessment
    return asked or occasion.certification


def compose(occasion, language, names, *others):
    """As a worker would, were everybody called like that."""
    mail, about = occasion.mail, subject(occasion)
    company, department, person, supplier, name, title = names
    about.contractor.name, about.contractor.department = company, department
    about.contractor.person, about.supplier.name = person, supplier
    mail.contact = Contact.objects.get(pk=mail.contact_id)
    mail.contact.name, mail.contact.title, mail.contact.language = name, title, language
    mail.contact.department = department
    if occasion.assessment:
        occasion.assessment.contact = mail.contact
    if occasion.delegation:
        occasion.delegation.asked_by = mail.contact
    told = [occasion, *others]
    ways = {each.pk: way(each.assessment) for each in told if each.assessment}
    return composing.message(mail, told, ways, now=timezone.now())


def way(assessment):
    return Way(inviting.issue_link(assessment, now=timezone.now()), assessment.contact_id)


@pytest.mark.parametrize("language", Contact.Language)
@pytest.mark.parametrize("kind", Occasion.Kind)
@effort(max_examples=12)
@given(names=st.tuples(*[NAMES] * 6))
def test_a_letter_keeps_its_form_whatever_the_names(occasions, kind, language, names):
    letter = compose(occasions[kind], language, names)

    sent = letter.message()
    assert wording.width(letter.subject) <= 60
    for line in letter.body.splitlines():
        assert wording.width(line) <= 70 or re.fullmatch(r"https?://\S+", line), line
    assert not HIDDEN.search(letter.subject + letter.body)
    assert "evil.example/" not in letter.body
    assert sent.get_content_type() == "text/plain"
    assert sent["Bcc"] is None
    assert sent["To"] == letter.to[0]
    assert parseaddr(letter.from_email)[1] == settings.MAIL_FROM


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", Occasion.Kind)
def test_a_letter_has_the_headers_and_one_thing_to_click(occasions, kind, language):
    names = ("みなと精機株式会社", "購買部", "佐藤花子", "青空製作所", "山田太郎", "部長")
    occasion = occasions[kind]

    first, second = (compose(occasion, language, names).message() for _ in range(2))

    about = subject(occasion)
    body = first.get_payload(decode=True).decode()
    links = [each for each in re.findall(r"https?://\S+", body) if each != NOTICE]
    assert len(links) == (1 if kind in CLICKS else 0)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["References"] == f"<{about.public_id}@{settings.MAIL_DOMAIN}>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Reply-To"] == about.contractor.reply_to
    assert ("List-Unsubscribe" in first) == (kind in BY_ITSELF or kind.startswith("certificate"))
    assert ("List-Unsubscribe-Post" in first) == ("List-Unsubscribe" in first)


@pytest.mark.parametrize("kind", Occasion.Kind)
def test_who_wants_both_languages_reads_english_below_japanese_in_one_letter(occasions, kind):
    names = ("Minato", "購買部", "Sato", "Aozora", "Yamada", "部長")
    link = re.compile(r"https?://\S+")  # another with each letter

    japanese, english, both = (
        compose(occasions[kind], language, names) for language in ("ja", "en", "both")
    )

    above, below = both.body.split(f"\n{'-' * 40}\n\n")
    assert link.sub("", above) == link.sub("", japanese.body)
    assert link.sub("", below) == link.sub("", english.body)
    assert (both.subject, both.from_email) == (japanese.subject, japanese.from_email)
    assert len({each for each in link.findall(both.body) if each != NOTICE}) <= 1


@pytest.mark.parametrize("language", Contact.Language)
@effort(max_examples=12)
@given(names=st.tuples(*[NAMES] * 6))
def test_a_letter_about_several_matters_keeps_its_form_too(occasions, language, names):
    open_ones = [each for kind, each in occasions.items() if kind in TOGETHER]

    letter = compose(open_ones[0], language, names, *open_ones[1:])

    assert wording.width(letter.subject) <= 60
    for line in letter.body.splitlines():
        assert wording.width(line) <= 70 or re.fullmatch(r"https?://\S+", line), line
    assert not HIDDEN.search(letter.subject + letter.body)
    assert "evil.example/" not in letter.body
