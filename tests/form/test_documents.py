"""Documents beside answers: sent with the page, listed, taken away, and frozen with the answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.models import Answer, AnswerEvidence, Submission
from contractors.models import Scope
from suppliers.evidence import keeping
from suppliers.models import Evidence
from tests.evidence import making
from tests.factories import AssessmentFactory
from tests.form.conftest import come_in, inside

pytestmark = pytest.mark.django_db
RESPONSIBLE = {"name": "山田太郎", "title": "社長", "email": "y@y.example", "confirmed": "yes"}


def a_file(name="規程.pdf", content=None):
    return SimpleUploadedFile(name, making.pdf() if content is None else content)


def hand_in(browser, assessment):
    browser.open(f"/f/{assessment.public_id}/submit")
    return browser.press(**RESPONSIBLE)


def test_a_document_is_kept_with_its_answer_and_listed_again(browser, at, assessment):
    browser.open(at("answers/1"))

    browser.press(item_1="done", file_1=a_file())
    page = browser.open(at("answers/1"))

    [shown] = AnswerEvidence.objects.select_related("evidence")
    assert (shown.number, shown.evidence.name) == (1, "規程.pdf")
    assert shown.evidence.uploaded_by == assessment.supplier_actor().plain()
    assert "規程.pdf" in page.text
    assert any(button["value"].startswith("detach_1_") for button in page.buttons)


def test_several_files_of_one_page_are_kept_each_on_its_own(browser, at):
    browser.open(at("answers/1"))

    page = browser.press(
        item_1="done",
        comment_2="本文",
        file_1=[a_file("a.pdf"), a_file("b.exe", b"MZ")],
        file_2=a_file("表.csv", "名前,数\n鍵,3\n".encode()),
    )

    assert page.status == 200
    assert page.title.startswith("エラー:")
    assert page.faults() == ["#file_1"]
    assert "b.exe" in page.text
    assert "a.pdf" in page.text
    assert page.value("comment_2") == "本文"
    kept = AnswerEvidence.objects.values_list("number", "evidence__name")
    assert set(kept) == {(1, "a.pdf"), (2, "表.csv")}
    assert Answer.objects.get(number=1).value == "done"
    assert browser.press().address == at("answers/2")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.pdf", b""),
        ("大.txt", b"a" * (20 * 1024 * 1024 + 1)),
        ("偽.pdf", b"MZ not a pdf"),
        ("古い.xls", b"x"),
        ("\u202egnp.exe", b"MZ"),
        ("n" * 400 + ".exe", b"MZ"),
        ("../../etc/passwd", b"root"),
    ],
)
def test_a_file_that_is_not_taken_costs_one_sentence_and_no_input(browser, at, name, content):
    browser.open(at("answers/1"))

    page = browser.press(item_1="done", comment_1="残る", file_1=a_file(name, content))

    assert page.status == 200
    assert page.faults() == ["#file_1"]
    assert page.value("comment_1") == "残る"
    assert page.value("item_1") == "done"
    assert not Evidence.objects.exists()
    assert len(page.ids) == len(set(page.ids))


def test_a_document_is_removed_and_its_file_goes(browser, at, folder):
    browser.open(at("answers/1"))
    browser.press(file_1=a_file())
    page = browser.open(at("answers/1"))
    remove = next(b["value"] for b in page.buttons if b["value"].startswith("detach_1_"))

    page = browser.press(remove, comment_3="途中の補足")

    assert page.address == at("answers/1")
    assert not AnswerEvidence.objects.exists()
    assert Evidence.objects.get().removed_at
    assert page.value("comment_3") == "途中の補足"
    assert browser.press(remove).status == 200  # once more changes nothing


def test_a_document_shown_elsewhere_stays_when_it_is_removed_here(browser, at):
    browser.open(at("answers/1"))
    browser.press(file_1=a_file())
    page = browser.open(at("answers/1"))
    earlier = str(Evidence.objects.get().public_id)
    assert earlier in page.html

    browser.press(earlier_2=earlier)
    browser.open(at("answers/1"))
    browser.press(f"detach_1_{earlier}")

    assert AnswerEvidence.objects.get().number == 2
    assert Evidence.objects.get().removed_at is None


@pytest.mark.parametrize("button", ["detach_1_x", "detach_99_" + "0" * 36, "detach_0_", "detach_1"])
def test_an_odd_button_removes_nothing(browser, at, button):
    browser.open(at("answers/1"))
    browser.press(file_1=a_file())
    browser.open(at("answers/1"))

    assert browser.press(button).status == 200
    assert AnswerEvidence.objects.count() == 1


def test_another_supplier_s_document_cannot_be_shown(browser, at):
    other = AssessmentFactory.create()
    theirs = keeping.keep(
        other.supplier, a_file("秘密.pdf"), actor=other.supplier_actor(), now=timezone.now()
    )
    browser.open(at("answers/1"))

    for chosen in (str(theirs.public_id), "00000000-0000-7000-8000-000000000000"):
        page = browser.press(earlier_1=chosen)
        assert page.faults() == ["#file_1"]
        assert "この資料はもうありません。" in page.text
    assert browser.press(earlier_1="' or 1=1").status == 200
    assert "秘密" not in page.html
    assert not AnswerEvidence.objects.exists()


def test_a_lost_token_keeps_the_input_and_asks_for_the_file_again(browser, at):
    browser.open(at("answers/1"))
    browser.page.fields["csrfmiddlewaretoken"] = ["x" * 64]

    page = browser.press(item_1="done", comment_1="残る", file_1=a_file())

    assert page.status == 403
    assert page.value("comment_1") == "残る"
    assert "ファイルはこの画面に残りません。もう一度選んでから" in page.text
    assert not Evidence.objects.exists()
    browser.press(file_1=a_file())
    assert AnswerEvidence.objects.get().number == 1


def test_a_lost_session_stores_no_file_and_shows_no_document(browser, at, mailed_code):
    browser.open(at("answers/1"))
    browser.press(item_1="done", file_1=a_file("内緒.pdf"))
    browser.open(at("answers/1"))
    browser.lose_session()

    code = mailed_code(lambda: browser.press(item_2="partly", file_2=a_file("新.pdf")))

    assert "内緒.pdf" not in browser.page.html
    assert "もう一度選んでから" in browser.page.text
    assert browser.page.value("item_2") == "partly"
    assert Evidence.objects.count() == 1
    assert browser.press(code=code).address == at("answers/2")


def test_the_other_language_asks_for_the_file_again(browser, at):
    page = browser.open(at("answers/1"))

    page = browser.send({**page.fields, "language": ["en"], "file_1": [a_file()]})

    assert page.language == "en"
    assert "A browser does not keep files." in page.text
    assert not Evidence.objects.exists()


def test_pages_without_files_take_no_large_body(browser, at):
    page = browser.open(at("company"))
    token = page.fields["csrfmiddlewaretoken"]

    page = browser.send({"csrfmiddlewaretoken": token, "file": [a_file("x.pdf", b"a" * 3_000_000)]})

    assert page.status == 413
    assert not Evidence.objects.exists()


def test_documents_are_frozen_with_the_answers_and_told_to_the_contractor(answered, api_of):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/answers/2")
    browser.press(file_6=a_file(), file_8=a_file("表.csv", b"a,b\n1,2\n"))
    assert "表.csv" in browser.open(f"/f/{answered.public_id}/check").text
    address = f"/api/v1/assessments/{answered.public_id}/evidence/"
    api = api_of(answered.contractor)
    assert api.get(address).status_code == 404

    hand_in(browser, answered)
    told = api.get(address).json()

    frozen = Submission.objects.get().content["evidence"]
    assert [each["number"] for each in frozen] == [6, 8]
    assert [(each["number"], each["digest"]) for each in told["evidence"]] == [
        (each["number"], each["digest"]) for each in frozen
    ]
    assert told["evidence"][1]["file"]["name"] == "表.csv"
    assert answered.readings.count() == 1
    assert api_of(answered.contractor, Scope.ASSESSMENTS_READ).get(address).status_code == 403
    assert api_of(AssessmentFactory.create().contractor).get(address).status_code == 404


def test_after_handing_in_nothing_is_added_and_what_is_frozen_stays(answered):
    browser = inside(answered)
    page = browser.open(f"/f/{answered.public_id}/answers/1")
    browser.press(file_1=a_file())
    hand_in(browser, answered)

    browser.page = page
    late = browser.press(file_2=a_file("遅.pdf", making.pdf(2)))

    assert late.status == 409
    assert AnswerEvidence.objects.count() == Evidence.objects.count() == 1


def test_pictures_are_redrawn_and_offered_again_in_the_next_request(assessment):
    browser = come_in(assessment)
    browser.open(f"/f/{assessment.public_id}/answers/1")
    browser.press(file_1=a_file("写真.jpg", making.photo()))
    contact = assessment.contact
    following = AssessmentFactory.create(contact=contact, contractor=contact.contractor)

    page = inside(following).open(f"/f/{following.public_id}/answers/1")

    assert "写真.jpg" in page.text
    assert str(Evidence.objects.get().public_id) in page.html
