"""A campaign is launched, tried on oneself, watched and taken back."""

import pytest
from django.utils import timezone

from assessments import settling, wording
from assessments.models import Assessment, Mail, Series
from contractors.actors import Actor
from events.models import Event, Operation
from tests.api.campaigns.conftest import KEY, UNFAIR, URL, address, work
from tests.factories import (
    CampaignFactory,
    ContractorFactory,
)

pytestmark = pytest.mark.django_db


def test_a_launch_is_an_operation_and_its_counts_are_exact_while_it_runs(api, campaign):
    answer = api.post(f"{address(campaign)}launch/", {}, headers=KEY)

    assert answer.status_code == 202
    operation = api.get(answer["Location"]).json()
    assert (operation["kind"], operation["progress"]) == (
        "campaign.launch",
        {"done": 0, "total": 3},
    )
    before = api.get(address(campaign)).json()
    assert (before["status"], before["counts"]["waiting"]) == ("launched", 3)
    assert before["operation"] == operation["id"]
    work()
    after = api.get(address(campaign)).json()
    assert {name: n for name, n in after["counts"].items() if n} == {"total": 3, "invited": 3}
    lines = api.get(f"{answer['Location']}result/").content.decode().splitlines()
    assert len(lines) == 3
    requests = api.get("/api/v1/assessments/", {"campaign": before["id"]}).json()["results"]
    assert {each["campaign"] for each in requests} == {before["id"]}
    members = api.get(f"{address(campaign)}suppliers/").json()["results"]
    assert {each["assessment"] for each in members} == {each["id"] for each in requests}
    assert Event.objects.get(kind="campaign.launched").subject()["url"].endswith(address(campaign))


def test_a_second_launch_gives_back_the_first_operation(api, campaign):
    first = api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    work()

    again = api.post(f"{address(campaign)}launch/", {}, headers={"Idempotency-Key": "two"})

    assert (again.status_code, again["Location"]) == (202, first["Location"])
    assert Operation.objects.count() == 1
    assert Assessment.objects.count() == 3


def test_a_launch_needs_an_idempotency_key(api, campaign):
    answer = api.post(f"{address(campaign)}launch/", {})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


def test_a_dry_run_of_a_launch_tells_when_letters_would_leave(api, campaign):
    answer = api.post(f"{address(campaign)}launch/?dry_run=true", {}, headers=KEY)

    told = answer.json()
    assert (answer.status_code, told["askable"]) == (200, 3)
    assert told["first_mail_at"] < told["last_mail_at"]
    assert not Operation.objects.exists()


def test_a_dry_run_of_what_was_launched_already_is_refused(api, campaign):
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)

    again = {"Idempotency-Key": "two"}
    answer = api.post(f"{address(campaign)}launch/?dry_run=true", {}, headers=again)

    assert (answer.status_code, answer.json()["allowed"]) == (409, ["draft"])


def test_serious_warnings_and_promises_need_a_person(api, api_of, contractor, person):
    campaign = CampaignFactory.create(contractor=contractor, suppliers=1, requirements=UNFAIR)
    path = f"{address(campaign)}launch/"
    codes = {"confirmed_warnings": ["cost-without-talks"]}

    unseen = api.post(path, {}, headers=KEY)
    nobody = api.post(path, codes, headers=KEY)
    somebody = api_of(contractor, user=person).post(path, codes, headers=KEY)

    assert (unseen.status_code, unseen.json()["code"]) == (409, "warnings-unconfirmed")
    assert [each["code"] for each in unseen.json()["warnings"]] == ["cost-without-talks"]
    assert (nobody.status_code, nobody.json()["code"]) == (403, "person-needed")
    assert somebody.status_code == 202
    work()
    assert api.get(address(campaign)).json()["confirmed_by"]["name"] == "佐藤花子"
    assert Assessment.objects.get().confirmed_by["name"] == "佐藤花子"


def test_a_launch_is_refused_while_something_is_missing(api, contractor):
    empty = CampaignFactory.create(contractor=contractor)
    late = CampaignFactory.create(
        contractor=contractor,
        suppliers=3,
        due_on=timezone.localdate(),  # it was drafted in time
    )
    poor = CampaignFactory.create(contractor=ContractorFactory.create(phone=""), suppliers=1)
    refused = [
        api.post(f"{address(each)}launch/{dry}", {}, headers=KEY)
        for each in (empty, late)
        for dry in ("", "?dry_run=true")
    ]

    assert [each.status_code for each in refused] == [409] * 4
    assert [each.json()["code"] for each in refused][::2] == ["nobody-to-ask", "due-too-early"]
    assert api.post(f"{address(poor)}launch/", {}, headers=KEY).status_code == 404
    assert not Operation.objects.exists()


def test_a_profile_that_is_not_complete_launches_nothing(api_of):
    contractor = ContractorFactory.create(phone="")
    campaign = CampaignFactory.create(contractor=contractor, suppliers=1)

    answer = api_of(contractor).post(f"{address(campaign)}launch/", {}, headers=KEY)

    assert (answer.status_code, answer.json()["missing"]) == (409, ["phone"])


def test_the_test_letter_goes_to_the_person_of_the_key_and_to_nobody_else(
    api_of, contractor, person, campaign, mailbox
):
    answer = api_of(contractor, user=person).post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()["sent_to"]) == (200, person.email)
    [mail] = mailbox.mails
    assert mail["To"] == person.email
    assert mail["Subject"].strip().startswith("テスト:")
    text = mail.get_content()
    assert text.startswith("これはキャンペーン「年次の確認」のテストメールです。")
    assert "/r/test" in text
    assert "佐藤花子" in text
    for model in (Assessment, Mail, Series):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("ja", "対策状況の確認のご案内", "ごろ、情報セキュリティ対策の"),
        ("en", "A self-assessment will reach you", "you will get a mail that asks"),
    ],
)
def test_a_test_gives_the_text_that_announces_the_letters_from_the_persons_own_mailbox(
    api_of, person, campaign, mailbox, settings, language, subject, said
):
    contractor = campaign.contractor
    contractor.language, contractor.notice_url = language, "https://example.com/notice"
    contractor.person = "佐藤 https://evil.example/\n花子"
    contractor.save()

    answer = api_of(contractor, user=person).post(f"{address(campaign)}test/")

    notice = answer.json()["notice"]
    assert notice["subject"].endswith(subject)
    for words in (said, settings.MAIL_FROM, settings.BASE_URL, "https://example.com/notice"):
        assert words in notice["body"]
    assert contractor.phone in notice["body"]
    assert "evil.example" not in notice["body"]
    lines = [line for line in notice["body"].splitlines() if "://" not in line]
    assert max(map(wording.width, lines)) <= wording.LINE


def test_the_link_of_a_test_letter_opens_nothing(client):
    assert client.get("/r/test").status_code in {200, 404, 410}
    assert client.post("/r/test").status_code < 500
    assert not client.session.keys()


def test_a_key_of_a_system_has_nobody_to_send_a_test_to(api, campaign, mailbox):
    answer = api.post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")
    assert mailbox.mails == []


def test_a_test_letter_that_is_not_taken_changes_nothing(
    api_of, contractor, person, campaign, mailbox
):
    mailbox.refused[person.email] = "550 no such mailbox"

    answer = api_of(contractor, user=person).post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()["code"]) == (503, "mail-not-sent")


def test_a_cancel_tells_why_and_who(api, campaign):
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    work()

    answer = api.post(f"{address(campaign)}cancel/", {"reason": "宛先の誤り"})
    while settling.settle_next(now=timezone.now()):
        pass

    assert (answer.status_code, answer.json()["closing_note"]) == (200, "宛先の誤り")
    told = api.get(address(campaign)).json()
    assert (told["counts"]["cancelled"], told["counts"]["invited"]) == (3, 0)
    assert told["ended_by"]["type"] == "api_key"
    actor = Actor(**Event.objects.filter(kind="assessment.cancelled").first().actor)
    assert actor.plain() == told["ended_by"]
    again = api.post(f"{address(campaign)}launch/", {}, headers={"Idempotency-Key": "two"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")


def test_a_launch_is_not_cancelled_behind_the_back_of_its_campaign(api, api_of, campaign):
    launch = api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    of_suppliers = api_of(campaign.contractor, "suppliers:read", "suppliers:write")

    for caller in (of_suppliers, api):
        answer = caller.post(f"{launch['Location']}cancel/")
        assert (answer.status_code, answer.json()["code"]) == (409, "part-of-campaign")
        assert "campaigns/{id}/cancel/" in answer.json()["detail"]
    work()

    assert api.get(launch["Location"]).json()["status"] == "succeeded"
    assert api.get(address(campaign)).json()["counts"]["invited"] == 3


def test_a_cancel_needs_a_reason_and_a_launch(api, campaign):
    assert api.post(f"{address(campaign)}cancel/", {}).status_code == 400
    answer = api.post(f"{address(campaign)}cancel/", {"reason": "見直し"})

    assert (answer.status_code, answer.json()["allowed"]) == (409, ["launched"])


def test_the_list_tells_counts_and_is_narrowed_by_status(api, contractor, campaign):
    CampaignFactory.create(contractor=contractor)
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)

    launched = api.get(URL, {"status": "launched"}).json()["results"]
    both = api.get(URL).json()["results"]

    assert [each["counts"]["total"] for each in launched] == [3]
    assert [each["counts"]["total"] for each in both] == [0, 3]
    assert "warnings" not in both[0]
