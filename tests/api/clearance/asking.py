"""What both halves of the tests ask and are told."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from assessments import submitting
from assessments.submitting import Responsible
from suppliers import days
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
)

FIELDS = {
    "status", "cleared", "reasons", "level", "grade", "as_of", "valid_until", "applies_to",
    "policy",
}  # fmt: skip
LAST_SECOND = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)  # of 31 March in Japan
FIRST_SECOND = datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC)
KNOWN = {
    f"exposure_{name}": False
    for name in ("confidential_information", "business_continuity", "system_access")
}
DAY = timedelta(days=1)


def address(supplier, verb="clearance"):
    return f"/api/v1/suppliers/{supplier.public_id}/{verb}/"


def asked(supplier, factory=AssessmentFactory, **fields):
    return factory.create(
        contractor=supplier.contractor,
        supplier=supplier,
        contact__supplier=supplier,
        contact__contractor=supplier.contractor,
        **fields,
    )


def answered(supplier, **fields):
    assessment = asked(supplier, AnsweredFactory, **fields)
    responsible = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(assessment, responsible=responsible, now=timezone.now())
    return assessment


def told(api, supplier):
    answer = api.get(address(supplier))
    assert answer.status_code == 200, answer.json()
    return answer.json()


def codes(api, supplier):
    return [reason["code"] for reason in told(api, supplier)["reasons"]]


def wish(today, **fields):
    begin = today + 30 * DAY
    wanted = {
        "reason": "再発防止の確認が終わるまで見合わせる。",
        "from_on": begin,
        "until_on": begin + 60 * DAY,
        "told_on": today,
    } | fields
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in wanted.items()
    }


def errors(answer):
    assert answer.status_code == 400, answer.json()
    return {(each["pointer"], each["code"]) for each in answer.json()["errors"]}


def today():
    return days.in_japan(timezone.now())
