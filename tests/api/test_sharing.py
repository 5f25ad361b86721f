"""Answers are read by whom the supplier was told they are read by, and by nobody else."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from assessments import lettering, submitting
from assessments.models import AnswerEvidence, Clarification, Occasion
from assessments.reviewing import Return, return_
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from contractors.models import Scope
from contractors.roles import Role
from events.models import Event
from suppliers.evidence import storing
from suppliers.models import Contact
from tests.contracts.rows import Rows
from tests.contracts.walking import CALLS
from tests.factories import AnsweredFactory, EvidenceFactory, UserFactory

CANARIES = {"ひみつの注記", "ひみつの資料.pdf", "ひみつの問い", "ひみつの返事", "ひみつの中身"}
BY_ITEM = ('"item_', '"basic_', '"next_actions"', '"unknowns"', '"input_digest"')
URL = "/api/v1/assessments/"


@pytest.fixture
def asked(contractor):
    """Answered, with a file, asked back and replied to; open to security alone."""
    row = AnsweredFactory.create(
        contractor=contractor, requirements={"answers_seen_by": ["security"]}
    )
    row.answers.filter(number=3).update(value="unknown", comment="ひみつの注記")
    content = storing.Content(io.BytesIO("ひみつの中身".encode()), 18, "0" * 64)
    file = EvidenceFactory.create(
        contractor=contractor,
        supplier=row.supplier,
        name="ひみつの資料.pdf",
        size=18,
        stored_as=storing.put(content, now=timezone.now()),
        uploaded_by=row.supplier_actor().plain(),
    )
    AnswerEvidence.objects.create(contractor=contractor, assessment=row, number=3, evidence=file)
    who = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(row, responsible=who, now=timezone.now())
    due = (timezone.now() + timedelta(days=30)).date()
    row = return_(row, Return(due, {3: "ひみつの問い"}, ""), actor=SYSTEM, now=timezone.now())
    Clarification.objects.update(reply="ひみつの返事", replied_at=timezone.now())
    row.file = file
    return row


@pytest.fixture
def person(api_of, contractor):
    return lambda role: api_of(
        contractor, user=UserFactory.create(contractor=contractor, role=role)
    )


@pytest.fixture
def admin(person):
    return person(Role.ADMIN)


def heard(caller, asked):
    """All that every GET tells a caller of this supplier, this request and what hangs on them."""
    rating = asked.submissions.get().rating
    ids = {
        "assessments": asked.public_id,
        "suppliers": asked.supplier.public_id,
        "evidence": asked.file.public_id,
        "ratings": rating.public_id,
    }
    rows = Rows(asked.contractor)
    for route, method in CALLS:
        if method != "GET":
            continue
        given = rows.ids(route)
        subject = route.pattern.partition("<uuid:public_id>")[0].rstrip("/").rpartition("/")[2]
        if "public_id" in given and subject in ids:
            given["public_id"] = ids[subject]
        if "supplier_id" in given:
            given["supplier_id"] = asked.supplier.public_id
        yield text(caller.get(route.address(**given)))
    for query in (f"supplier={asked.supplier.public_id}", f"assessment={asked.public_id}"):
        yield text(caller.get(f"/api/v1/benchmarks/?{query}"))
    change = {"supplier": str(asked.supplier.public_id), "answers": {"4": "done"}}
    yield text(caller.post("/api/v1/ratings/what-if/", change))


def text(answer):
    content = b"".join(answer) if answer.streaming else answer.content
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode()


def test_who_was_named_hears_everything(person, api_of, contractor, asked):
    for caller in (person(Role.SECURITY), api_of(contractor)):
        told = "".join(heard(caller, asked))

        assert not [each for each in (*CANARIES, *BY_ITEM) if each not in told]


@pytest.mark.parametrize(
    "key",
    [
        {"user": Role.ADMIN},
        {"user": Role.BUYER},
        {"user": Role.VIEWER},
        {"role": Role.BUYER},
        {"scopes": [each for each in Scope.values if each != Scope.ANSWERS_READ]},
    ],
    ids=str,
)
def test_who_was_not_named_hears_the_rating_and_no_answer(key, api_of, contractor, asked):
    user = UserFactory.create(contractor=contractor, role=key["user"]) if "user" in key else None
    caller = api_of(contractor, *key.get("scopes", ()), user=user, role=key.get("role"))
    hidden = CANARIES
    if "scopes" in key:  # what a file is called belongs to suppliers:read of a system
        hidden = CANARIES - {"ひみつの資料.pdf"}

    told = list(heard(caller, asked))

    own = [each for each in told if str(asked.supplier.public_id) in each]
    assert not [each for each in hidden if any(each in one for one in told)]
    assert not [each for each in BY_ITEM if any(each in one for one in own)]
    if key.get("user") != Role.VIEWER:
        rating = caller.get(f"{URL}{asked.public_id}/rating/").json()
        assert {"score", "grade", "level"} <= rating.keys()


@pytest.mark.parametrize("what", ["answers", "evidence", "clarifications"])
def test_the_refusal_says_to_whom_they_are_open(what, admin, asked):
    answer = admin.get(f"{URL}{asked.public_id}/{what}/")

    assert answer.status_code == 403
    told = answer.json()
    assert (told["code"], told["roles"], told["role"]) == ("answers-closed", ["security"], "admin")
    assert not asked.readings.exists()


@pytest.mark.parametrize(
    ("named", "readers"),
    [
        (None, {"admin", "security"}),
        (["buyer"], {"buyer"}),
        (["buyer", "security"], {"buyer", "security"}),
        (["viewer", "admin"], {"admin"}),
        (["viewer"], set()),
    ],
)
def test_each_role_reads_where_it_was_named(named, readers, person, asked):
    asked.requirements = {} if named is None else {"answers_seen_by": named}
    asked.save()

    may = {
        role.value
        for role in Role
        if person(role).get(f"{URL}{asked.public_id}/answers/").status_code == 200
    }

    assert may == readers
    told = person(Role.BUYER).get(f"{URL}{asked.public_id}/").json()
    assert told["answers_seen_by"] == sorted(readers)


def test_a_standing_is_told_by_item_if_all_requests_are_open(person, asked):
    path = f"/api/v1/suppliers/{asked.supplier.public_id}/standing/"
    security = person(Role.SECURITY)
    assert "next_actions" in security.get(path).json()

    AnsweredFactory.create(
        contractor=asked.contractor,
        contact=asked.contact,
        requirements={"answers_seen_by": ["admin"]},
    )

    assert "next_actions" not in security.get(path).json()


def test_letting_in_more_is_told_by_mail_and_on_the_page(admin, person, asked):
    buyer = person(Role.BUYER)
    answers = f"{URL}{asked.public_id}/answers/"
    assert buyer.get(answers).status_code == 403

    told = share(admin, asked, "security", "buyer")

    assert told.status_code == 200
    assert told.json()["answers_seen_by"] == ["buyer", "security"]
    assert buyer.get(answers).status_code == 200
    asked.refresh_from_db()
    assert asked.readers_widened_at is not None
    letter = lettering.letter(
        asked,
        asked.contact,
        Occasion.Kind.READERS,
        link="https://x.example/",
        now=timezone.now(),
    )
    assert "購買の担当者、情報セキュリティの担当者" in letter.body.replace("\n", "")
    occasion = asked.occasions.get(kind="readers")
    assert occasion.mail.contact == asked.contact
    event = Event.objects.get(kind="assessment.readers_changed")
    assert (event.detail, event.changed) == (
        {"added": ["buyer"], "removed": []},
        ["answers_seen_by"],
    )


def test_letting_in_fewer_is_recorded_and_sends_nothing(admin, asked):
    asked.requirements = {"answers_seen_by": ["admin", "security"]}
    asked.save()

    assert share(admin, asked, "security").status_code == 200

    assert not asked.occasions.filter(kind="readers").exists()
    event = Event.objects.get(kind="assessment.readers_changed")
    assert event.detail == {"added": [], "removed": ["admin"]}
    assert admin.get(f"{URL}{asked.public_id}/answers/").status_code == 403


def test_the_same_roles_change_nothing(admin, asked):
    assert share(admin, asked, "security", "viewer").status_code == 200

    assert not Event.objects.filter(kind="assessment.readers_changed").exists()


@pytest.mark.parametrize("status", ["bounced", "opted_out"])
def test_nobody_is_let_in_unseen(status, admin, asked):
    Contact.objects.update(status=status)

    refused = share(admin, asked, "security", "buyer")

    assert (refused.status_code, refused.json()["code"]) == (409, "no-contact")
    asked.refresh_from_db()
    assert asked.requirements == {"answers_seen_by": ["security"]}


def test_what_is_over_opens_to_nobody_more(admin, asked):
    admin.post(f"{URL}{asked.public_id}/cancel/")

    refused = share(admin, asked, "security", "buyer")

    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-status")
    assert "submitted" in refused.json()["allowed"]


@pytest.mark.parametrize("roles", [[], ["owner"], "security", None])
def test_roles_that_are_none_are_refused(roles, admin, asked):
    answer = admin.post(f"{URL}{asked.public_id}/share/", {"answers_seen_by": roles})

    assert answer.status_code == 400
    assert {each["pointer"].split("/")[1] for each in answer.json()["errors"]} == {
        "answers_seen_by"
    }


def test_a_request_names_at_least_one_reader(api, asked):
    wanted = {
        "supplier": str(asked.supplier.public_id),
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
        "requirements": {"answers_seen_by": []},
    }

    answer = api.post(URL, wanted)

    assert [each["pointer"] for each in answer.json()["errors"]] == [
        "/requirements/answers_seen_by"
    ]


def share(caller, asked, *roles):
    return caller.post(f"{URL}{asked.public_id}/share/", {"answers_seen_by": list(roles)})
