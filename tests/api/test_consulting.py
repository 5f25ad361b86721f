"""The contractor talks with a supplier through the API: opens, writes, proposes, decides, ends."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from assessments import consulting
from assessments.models import Consultation, Proposal, Side, Status
from assessments.speaking import Matter, Terms, Voice
from contractors.actors import Actor
from contractors.models import Scope
from events.models import Event
from suppliers.models import Supplier
from tests.factories import AssessmentFactory, ContractorFactory, UserFactory
from tests.racing import race

pytestmark = pytest.mark.django_db
TERMS = {
    "measure": "入退室の記録を付けます。",
    "bearer": "shared",
    "share_percent": 50,
    "cost_estimate_yen": 300_000,
    "from_on": "2027-04-01",
    "price_reflection": "単価の改定で半分",
}
OPENING = {"topics": ["cost"], "text": "費用について相談させてください。"}
NOBODY = "0b5a3b6c-0000-7000-8000-000000000000"


@pytest.fixture
def asked(contractor):
    return AssessmentFactory.create(contractor=contractor)


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor)


@pytest.fixture
def own(api_of, contractor, person):
    """A key of a person."""
    return api_of(contractor, user=person)


@pytest.fixture
def thread(asked):
    return talk(asked)


def they(assessment):
    return Voice(Side.SUPPLIER, Actor("supplier", str(assessment.contact.public_id)))


def talk(assessment, **more):
    matter = Matter(Consultation.Kind.TALKS, "費用の相談です。", ["cost"], **more)
    return consulting.start(assessment, matter, voice=they(assessment), now=timezone.now())


def offer(thread, measure="鍵をかけます。"):
    terms = Terms(measure, "supplier")
    return consulting.propose(thread, terms, voice=they(thread.assessment), now=timezone.now())


def path(assessment, *names):
    return "/".join(["/api/v1/assessments", str(assessment.public_id), *map(str, names), ""])


def below(thread, *names):
    return path(thread.assessment, "consultations", thread.public_id, *names)


def deciding(proposal, name):
    return below(proposal.consultation, "proposals", proposal.public_id, name)


def kinds():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))


def test_the_contractor_opens_talks_and_proposes_something_at_once(api, asked):
    answer = api.post(path(asked, "consultation"), OPENING | {"proposal": TERMS})

    told = answer.json()
    assert answer.status_code == 201
    assert (told["kind"], told["state"], told["opened_by"]) == ("talks", "open", "contractor")
    assert (told["topics"], told["waiting_since"]) == (["cost"], None)
    assert [each["text"] for each in told["messages"]] == [OPENING["text"]]
    [proposed] = told["proposals"]
    assert {name: proposed[name] for name in TERMS} == TERMS
    read = api.get(answer["Location"])
    assert (read.json(), read["ETag"]) == (told, answer["ETag"])
    assert kinds()[-1] == "consultation.opened"


def test_the_address_of_an_event_leads_to_the_newest_thread(api, asked):
    assert api.get(path(asked, "consultation")).status_code == 404
    assert api.get(path(asked)).json()["consultation"] is None
    thread = talk(asked)
    newest = consulting.start(
        asked,
        Matter(Consultation.Kind.QUESTION, "どの端末が対象ですか。"),
        voice=they(asked),
        now=timezone.now(),
    )

    told = api.get(path(asked, "consultation")).json()

    assert told["id"] == str(newest.public_id)
    listed = api.get(path(asked, "consultations")).json()["results"]
    assert [each["id"] for each in listed] == [str(newest.public_id), str(thread.public_id)]
    summary = api.get(path(asked)).json()["consultation"]
    assert summary == {name: told[name] for name in summary}
    assert summary["waiting_since"] is not None


def test_what_a_person_writes_is_the_answer_and_what_a_system_writes_is_not(api, own, thread):
    by_system = api.post(below(thread, "messages"), {"text": "受け付けました。"})
    by_person = own.post(below(thread, "messages"), {"text": "ご相談ください。"})

    assert (by_system.status_code, by_person.status_code) == (201, 201)
    assert by_system.json()["waiting_since"] is not None
    assert by_person.json()["waiting_since"] is None
    assert [each["actor"]["type"] for each in by_person.json()["messages"]] == [
        "supplier",
        "api_key",
        "user",
    ]


def test_who_agreed_is_kept_with_what_was_agreed_on(own, person, thread):
    proposal = offer(thread)

    answer = own.post(deciding(proposal, "agree"), {"text": "お願いします。"})

    told, who = answer.json(), {"type": "user", "id": str(person.public_id)}
    assert (answer.status_code, told["state"]) == (200, "agreed")
    assert told["closed_by"] == told["proposals"][0]["decided_by"] == who
    assert told["result"]["agreed_by_whom"] == who
    assert told["result"]["supplier"] == thread.assessment.supplier.name
    assert len(told["digest"]) == 64
    [event] = Event.objects.filter(kind="consultation.agreed")
    assert (event.actor, event.detail["consultation"]) == (who, str(thread.public_id))


def test_a_refusal_says_who_and_why(own, person, thread):
    proposal = offer(thread)

    answer = own.post(deciding(proposal, "refuse"), {"explanation": "予算は来期からです。"})

    [told] = answer.json()["proposals"]
    assert (answer.status_code, told["state"]) == (200, "refused")
    assert told["explanation"] == "予算は来期からです。"
    assert told["decided_by"]["id"] == str(person.public_id)
    assert answer.json()["state"] == "open"


@pytest.mark.parametrize("nothing", ["", "  ", "。。。", "no"])
def test_a_refusal_that_explains_nothing_is_refused(own, thread, nothing):
    proposal = offer(thread)

    answer = own.post(deciding(proposal, "refuse"), {"explanation": nothing})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/explanation"]
    assert Proposal.objects.get().state == "open"


def test_who_waits_gets_an_answer_when_a_thread_is_closed(own, person, thread):
    silent = own.post(below(thread, "close"))
    assert (silent.status_code, silent.json()["code"]) == (409, "unexplained")

    answer = own.post(below(thread, "close"), {"text": "費用は当社が持ちます。"})

    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    assert answer.json()["closed_by"]["id"] == str(person.public_id)


@pytest.mark.parametrize("name", ["agree", "refuse"])
def test_nobody_decides_about_an_own_proposal(own, thread, name):
    proposed = own.post(below(thread, "proposals"), TERMS).json()["proposals"][0]["id"]
    body = {"explanation": "予算は来期からです。"} if name == "refuse" else {}

    answer = own.post(below(thread, "proposals", proposed, name), body)

    assert (answer.status_code, answer.json()["code"]) == (409, "own-proposal")


def test_a_proposal_that_another_took_the_place_of_is_stale(own, thread):
    first = offer(thread)
    offer(thread, "鍵を替えます。")

    answer = own.post(deciding(first, "agree"))

    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert Consultation.objects.get().state == "open"


@pytest.mark.parametrize("name", ["messages", "proposals", "close", "agree", "refuse"])
def test_what_has_ended_stays_as_it_is(own, thread, name):
    proposal = offer(thread)
    consulting.close(thread, voice=they(thread.assessment), now=timezone.now())
    bodies = {"messages": {"text": "追伸です。"}, "proposals": TERMS}
    bodies["refuse"] = {"explanation": "予算は来期からです。"}
    decides = name in {"agree", "refuse"}

    answer = own.post(
        deciding(proposal, name) if decides else below(thread, name), bodies.get(name, {})
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert answer.json()["allowed"] == ["open"]


def test_talks_are_opened_in_their_time_only(api, contractor):
    over = AssessmentFactory.create(contractor=contractor, status=Status.CANCELLED)

    answer = api.post(path(over, "consultation"), OPENING)

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert "submitted" in answer.json()["allowed"]
    assert not Consultation.objects.exists()


def test_of_talks_one_thread_is_open(api, thread):
    answer = api.post(path(thread.assessment, "consultation"), OPENING)

    assert (answer.status_code, answer.json()["code"]) == (409, "already-open")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"topics": []}, "/topics"),
        ({"topics": ["cost", "cost"]}, "/topics"),
        ({"topics": ["price"]}, "/topics/0"),
        ({"text": "  "}, "/text"),
        ({"proposal": TERMS | {"measure": ""}}, "/proposal/measure"),
        ({"proposal": TERMS | {"share_percent": None}}, "/proposal/share_percent"),
        ({"proposal": TERMS | {"share_percent": 101}}, "/proposal/share_percent"),
        ({"proposal": TERMS | {"bearer": "supplier"}}, "/proposal/share_percent"),
        ({"proposal": TERMS | {"cost_estimate_yen": -1}}, "/proposal/cost_estimate_yen"),
        ({"proposal": {"measure": "鍵", "bearer": "in_price"}}, "/proposal/price_reflection"),
    ],
)
def test_talks_that_cannot_be_meant_are_not_opened(api, asked, change, pointer):
    answer = api.post(path(asked, "consultation"), OPENING | change)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert not Consultation.objects.exists()


def test_who_decides_about_an_old_version_is_refused(own, thread):
    proposal = offer(thread)
    tag = own.get(below(thread))["ETag"]
    consulting.write(
        thread,
        "追伸です。",
        voice=they(thread.assessment),
        now=timezone.now() + timedelta(minutes=1),
    )

    answer = own.post(deciding(proposal, "agree"), headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["code"]) == (412, "precondition-failed")
    assert Proposal.objects.get().state == "open"
    seen = own.get(below(thread))["ETag"]
    assert own.post(deciding(proposal, "agree"), headers={"If-Match": seen}).status_code == 200


def test_anothers_talks_look_missing(api_of, own, thread):
    proposal = offer(thread)
    other = ContractorFactory.create()
    stranger = api_of(other, user=UserFactory.create(contractor=other))
    elsewhere = talk(AssessmentFactory.create(contractor=thread.contractor))

    for address in (
        below(thread, "close"),
        deciding(proposal, "agree"),
        path(thread.assessment, "consultation"),
    ):
        body = OPENING if address.endswith("consultation/") else {}
        assert stranger.post(address, body).status_code == 404
    for strange in (
        path(elsewhere.assessment, "consultations", thread.public_id, "close"),
        below(elsewhere, "proposals", proposal.public_id, "agree"),
        below(thread, "proposals", NOBODY, "agree"),
    ):
        assert own.post(strange).status_code == 404
    assert set(Consultation.objects.values_list("state", flat=True)) == {"open"}


def test_a_key_without_a_person_decides_nothing(api, thread):
    answer = api.post(deciding(offer(thread), "agree"))

    assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")


def test_reading_talks_needs_the_scope_of_requests(api_of, contractor, thread):
    assert api_of(contractor, Scope.SUPPLIERS_READ).get(below(thread)).status_code == 403
    assert api_of(contractor, Scope.ASSESSMENTS_READ).get(below(thread)).status_code == 200


@pytest.mark.usefixtures("committed")
def test_of_two_people_who_agree_at_the_same_moment_to_different_proposals_one_wins(own, thread):
    ours = offer(thread)
    own.post(below(thread, "proposals"), TERMS)
    theirs = thread.proposals.get(side=Side.CONTRACTOR)

    def supplier_agrees():
        voice = they(thread.assessment)
        try:
            return consulting.agree(theirs, voice=voice, now=timezone.now())
        except consulting.WrongStatus as refusal:
            return refusal

    answer, end = race(lambda: own.post(deciding(ours, "agree")), supplier_agrees)

    won = answer.status_code == 200
    assert won or (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert isinstance(end, consulting.WrongStatus) == won
    assert Proposal.objects.filter(state="agreed").count() == 1


HOSTILE = '#read("/etc/passwd") $x^2$ *太字* \\ @ref <a> #panic() "]'


def printed(api, thread):
    answer = api.get(below(thread).rstrip("/") + "/agreement.pdf")
    assert answer.status_code == 200
    return answer.content


def words(content):
    [page] = PdfReader(BytesIO(content)).pages
    return "".join(page.extract_text().split())


def test_an_agreement_is_printed_with_all_that_was_agreed_on(own, person, thread):
    terms = Terms("入退室の記録を付けます。", "shared", 300_000, 50, date(2027, 4, 1), "単価の改定")
    proposal = consulting.propose(thread, terms, voice=they(thread.assessment), now=timezone.now())
    agreed = own.post(deciding(proposal, "agree")).json()

    answer = own.get(agreed["agreement_url"])

    assert answer["Content-Type"] == "application/pdf"
    text = words(answer.content)
    for told in (
        "入退室の記録を付けます。", "300,000円", "発注元50%", "2027年4月1日", "単価の改定",
        thread.assessment.readable_number(), thread.contractor.name,
        thread.assessment.supplier.name, agreed["digest"], str(person.public_id),
    ):  # fmt: skip
        assert told in text


def test_the_same_agreement_is_the_same_bytes_whatever_is_called_otherwise_since(own, thread):
    own.post(deciding(offer(thread), "agree"))
    first = printed(own, thread)

    Supplier.objects.update(name="別の名前")

    assert printed(own, thread) == first


def test_what_people_wrote_is_printed_as_it_is_and_never_read_as_markup(own, thread):
    own.post(deciding(offer(thread, HOSTILE), "agree"))

    text = words(printed(own, thread))

    assert "".join(HOSTILE.split()) in text
    assert "root:" not in text


def test_who_asks_for_a_pdf_alone_gets_it_and_problems_as_json(own, thread):
    address = below(thread).rstrip("/") + "/agreement.pdf"

    missing = own.get(address, headers={"Accept": "application/pdf"})
    own.post(deciding(offer(thread), "agree"))
    answer = own.get(address, headers={"Accept": "application/pdf"})

    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_without_an_agreement_there_is_nothing_to_print(own, thread):
    assert own.get(below(thread).rstrip("/") + "/agreement.pdf").status_code == 404
    assert own.get(below(thread)).json()["agreement_url"] is None
