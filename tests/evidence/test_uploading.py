"""Evidence through the API: sent, listed, taken away, removed; and nothing half done."""

import hashlib
import io
import json
import zipfile

import pytest
from django.db import DatabaseError, connection
from PIL import Image

from events.models import Event
from suppliers.models import Evidence, EvidenceReading, EvidenceScan
from tests.evidence import making
from tests.evidence.sending import address, field, form, part, send, send_form
from tests.factories import EvidenceFactory, SupplierFactory
from tests.racing import together

GOOD = {
    "a.pdf": making.pdf,
    "a.PNG": making.picture,
    "a.jpg": lambda: making.picture("JPEG"),
    "a.jpeg": making.photo,
    "a.xlsx": making.workbook,
    "a.docx": making.document,
    "a.csv": lambda: "商号,番号\n山田製作所,1\n".encode(),
    "b.csv": lambda: "商号,番号\r\n山田製作所,1\r\n".encode("cp932"),
    "c.csv": lambda: b"\xef\xbb\xbf" + "商号,番号\n".encode(),
    "a.txt": lambda: "認証の登録について\n".encode(),
    "grey.png": lambda: making.saved(Image.new("L", (9, 9)), "PNG"),
    "glass.png": lambda: making.saved(Image.new("RGBA", (9, 9), (1, 2, 3, 4)), "PNG"),
    "cmyk.jpg": lambda: making.saved(Image.new("CMYK", (9, 9)), "JPEG"),
}


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor)


@pytest.mark.parametrize("name", GOOD)
def test_real_documents_are_kept_and_given_back(name, api, supplier, kept):
    sent = GOOD[name]()  # once: a workbook holds the second in which it was made

    made = send(api, supplier, sent, name)

    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["name"], told["scan"], told["warnings"]) == (name, "unscanned", [])
    given = api.get(made["Location"] + "download/")
    content = b"".join(given)
    assert given["Content-Type"] == told["media_type"]
    assert hashlib.sha256(content).hexdigest() == told["digest"]
    assert len(content) == told["size"] == int(given["Content-Length"])
    assert len(kept()) == 1
    if not told["media_type"].startswith("image/"):
        assert content == sent


def test_place_and_camera_are_gone_and_the_picture_stands_upright(api, supplier):
    sent = making.photo()
    assert b"Secret camera" in sent

    made = send(api, supplier, sent, "a.jpg")

    content = b"".join(api.get(made["Location"] + "download/"))
    assert b"Secret camera" not in content
    assert b"hidden words" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()


def test_documents_keep_their_authors(api, supplier):
    sent = making.changed(making.document(), {"docProps/core.xml": "<a>山田</a>"})

    made = send(api, supplier, sent, "a.docx")

    content = b"".join(api.get(made["Location"] + "download/"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("docProps/core.xml").decode() == "<a>山田</a>"


def test_what_loads_from_elsewhere_is_said(api, supplier):
    told = send(api, supplier, making.linked_workbook(), "a.xlsx").json()

    assert [each["code"] for each in told["warnings"]] == ["external-links"]
    assert "別の場所" in told["warnings"][0]["detail"]


def test_it_leaves_as_an_attachment_that_can_do_nothing(api, supplier):
    made = send(api, supplier, making.pdf(), '登録証 "2026";é.pdf')

    given = api.get(made["Location"] + "download/")
    b"".join(given)

    assert given["Content-Disposition"] == (
        "attachment; filename=\"___ _2026___.pdf\"; filename*=UTF-8''"
        "%E7%99%BB%E9%8C%B2%E8%A8%BC%20%222026%22%3B%C3%A9.pdf"
    )
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"] == "sandbox"
    assert given["Cache-Control"] == "no-store"
    assert given.streaming


def test_every_reading_is_written_down(api, contractor, supplier):
    made = send(api, supplier, making.pdf())

    b"".join(api.get(made["Location"] + "download/", headers={"X-Request-Id": "trace-me-1"}))

    reading = EvidenceReading.objects.get()
    assert reading.request_id == "trace-me-1"
    assert reading.actor == {"type": "api_key", "id": str(contractor.keys.get().public_id)}
    assert str(reading.evidence.public_id) == made.json()["id"]


def test_reading_needs_the_scope_of_answers(api, api_of, contractor, supplier):
    made = send(api, supplier, making.pdf())

    answer = api_of(contractor, "suppliers:write").get(made["Location"] + "download/")

    assert (answer.status_code, answer.json()["scope"]) == (403, "answers:read")
    assert not EvidenceReading.objects.exists()


def test_the_same_content_again_is_the_earlier_file(api, supplier, kept):
    first = send(api, supplier, making.photo(), "a.jpg")

    again = send(api, supplier, making.photo(), "b.jpg")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(kept()) == 1


def test_another_supplier_learns_nothing_of_it(api, contractor, supplier, kept):
    first = send(api, supplier, making.pdf())

    other = send(api, SupplierFactory.create(contractor=contractor), making.pdf())

    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]
    assert len(kept()) == 2


def test_the_same_request_again_has_no_second_effect(api, supplier, kept):
    """The boundary is another one: clients choose it anew each time."""
    body = form(part(making.pdf()), boundary="another")
    first = send(api, supplier, making.pdf(), **{"Idempotency-Key": "one"})

    again = api.generic(
        "POST", address(supplier), body,
        content_type="multipart/form-data; boundary=another",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    other = send(api, supplier, making.pdf(pages=2), **{"Idempotency-Key": "one"})

    assert again["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-mismatch")
    assert len(kept()) == 1


def test_lists_and_rows_show_what_is_kept(api, supplier):
    ids = [send(api, supplier, making.pdf(pages=count)).json()["id"] for count in (1, 2)]

    listed = api.get(address(supplier)).json()["results"]

    assert [each["id"] for each in listed] == ids[::-1]
    assert api.get(f"{address(supplier)}{ids[0]}/").json() == listed[1]


def test_what_is_removed_is_gone_for_everybody(api, supplier, kept, strike):
    made = send(api, supplier, making.pdf())

    assert api.delete(made["Location"]).status_code == 204

    assert api.get(made["Location"]).status_code == 404
    assert api.get(made["Location"] + "download/").status_code == 404
    assert api.get(address(supplier)).json()["results"] == []
    assert api.delete(made["Location"]).status_code == 404
    strike()
    assert kept() == []
    assert Evidence.objects.get().discarded_at is not None


def test_both_are_told_as_changes_of_the_supplier(api, supplier):
    made = send(api, supplier, making.pdf())
    api.delete(made["Location"])

    events = Event.objects.filter(kind="supplier.updated", subject_id=supplier.public_id)

    assert [each.changed for each in events.order_by("sequence")] == [["evidence"]] * 2
    assert "evidence.pdf" not in json.dumps(list(events.values("changed", "detail")))


@pytest.mark.parametrize(
    ("parts", "pointer", "code"),
    [
        ([], "/file", "required"),
        ([field("file", "text")], "/file", "invalid"),
        ([part(b"x"), field("note", "x")], "/note", "unknown-field"),
        ([part(b"x"), part(b"x", field="other")], "/other", "unknown-field"),
        ([part(b"x", name="..")], "/file", "required"),
    ],
)
def test_a_form_holds_one_file_and_nothing_else(parts, pointer, code, api, supplier, kept):
    answer = send_form(api, address(supplier), *parts)

    assert answer.status_code == 400
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in answer.json()["errors"]}
    assert kept() == []


@pytest.mark.parametrize(
    "body",
    [
        form(part(making.pdf()), part(making.pdf())),
        form(part(making.pdf()))[:-30],
        form(part(making.pdf()))[:-4],
        b"no form at all",
    ],
)
def test_a_form_that_can_be_read_in_two_ways_is_refused(body, api, supplier, kept):
    answer = api.generic(
        "POST", address(supplier), body,
        content_type="multipart/form-data; boundary=a-boundary-of-these-tests",
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")
    assert kept() == []


def test_a_body_beyond_20_megabytes_is_refused_unread(api, supplier, kept):
    answer = send(api, supplier, b"a" * (21 * 1024 * 1024), "a.txt")

    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert kept() == []


def test_the_largest_file_is_taken(api, supplier):
    answer = send(api, supplier, b"0123456789abcde\n" * (20 * 1024 * 1024 // 16), "a.txt")

    assert answer.status_code == 201
    assert answer.json()["size"] == 20 * 1024 * 1024


def test_500_files_are_the_most(api, supplier, kept):
    for _number in range(500):
        EvidenceFactory.create(contractor=supplier.contractor, supplier=supplier)

    answer = send(api, supplier, making.pdf())

    assert (answer.status_code, answer.json()["code"]) == (409, "evidence-full")
    assert kept() == []


def test_200_megabytes_are_the_most(api, supplier, kept):
    EvidenceFactory.create(
        contractor=supplier.contractor, supplier=supplier, size=2000 * 1024 * 1024
    )

    answer = send(api, supplier, making.pdf())

    assert (answer.status_code, answer.json()["code"]) == (409, "evidence-full")


def test_an_archived_supplier_takes_no_files(api, supplier, kept):
    api.post(f"/api/v1/suppliers/{supplier.public_id}/archive/")

    answer = send(api, supplier, making.pdf())

    assert (answer.status_code, answer.json()["code"]) == (409, "supplier-archived")
    assert kept() == []


def test_a_storage_that_is_away_is_told_and_nothing_is_half_done(
    api, supplier, folder, kept, settings
):
    folder.write_text("a file where the directory should be")

    answer = send(api, supplier, making.pdf())

    assert (answer.status_code, answer.json()["code"]) == (503, "storage-unavailable")
    assert not Evidence.objects.exists()
    folder.unlink()
    assert send(api, supplier, making.pdf()).status_code == 201


def test_a_file_that_went_missing_is_told(api, supplier):
    row = EvidenceFactory.create(contractor=supplier.contractor, supplier=supplier)

    answer = api.get(f"{address(supplier)}{row.public_id}/download/")

    assert (answer.status_code, answer.json()["code"]) == (503, "storage-unavailable")
    assert not EvidenceReading.objects.exists()


def test_a_database_that_fails_leaves_no_file(api, supplier, kept):
    api.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute("CREATE TEMPORARY TABLE events_event (hidden int)")
        answer = send(api, supplier, making.pdf())
        cursor.execute("ROLLBACK TO SAVEPOINT before")

    assert answer.status_code == 500
    assert kept() == []
    assert not Evidence.objects.exists()


def test_the_same_file_at_the_same_moment_is_kept_once(committed, api, supplier, kept):
    answers = together(lambda: send(api, supplier, making.pdf()))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(kept()) == Evidence.objects.count() == EvidenceScan.objects.count() == 1


def test_a_reading_is_never_changed(api, supplier):
    made = send(api, supplier, making.pdf())
    b"".join(api.get(made["Location"] + "download/"))

    with pytest.raises(DatabaseError):
        EvidenceReading.objects.update(request_id="")
