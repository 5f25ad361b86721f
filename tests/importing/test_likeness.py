"""A row of a sheet is judged and stored as the same words sent to the API are."""

import pytest

from suppliers.models import Certification
from suppliers.writing import WRITABLE
from tests.factories import SupplierFactory
from tests.importing.sheets import send, xlsx

CASES = [
    {"number": "ＩＳ　１２３", "body": "一般財団法人　機関", "scope": "本社"},
    {"scheme": "pmark", "number": "１０１２３４５６（５）"},
    {"edition": "JIS Q 27001:2014", "valid_until": "2030-12-31"},
    {"scheme": "security_action_2", "number": "第4123 4567 890号"},
    {"issued_on": "令和6年4月", "valid_until": "R9.3"},
    {"issued_on": "2027-04-01", "valid_until": "2027-03-31"},
    {"issued_on": "2027-02-29", "valid_until": "1949-01-01"},
    {"number": "x" * 101, "body": "x" * 201, "scope": "x" * 1001, "note": "x" * 1001},
    {"edition": "x" * 101, "accreditation": "x" * 201},
    {"number": "a\u202eb", "scope": "a\u0085b"},
    {"scope_covers": "partly"},
    {"scope_covers": "perhaps"},
    {"scheme": "iso9001"},
]


@pytest.mark.parametrize("case", CASES, ids=[" ".join(case) for case in CASES])
def test_it_is_judged_and_stored_alike(case, api, contractor, strike):
    case = {"scheme": "isms"} | case
    told = SupplierFactory.create(contractor=contractor, code="TOLD")
    SupplierFactory.create(contractor=contractor, code="SHEET")
    sheet = xlsx(["SHEET", *case.values()], heading=["supplier", *case])

    by_api = api.post(f"/api/v1/suppliers/{told.public_id}/certifications/", case, format="json")
    by_sheet = send(api, sheet, "a.xlsx")
    strike()

    operation = api.get(by_sheet["Location"]).json()
    if by_api.status_code == 201:
        assert operation["status"] == "succeeded", operation
        one, other = Certification.objects.order_by("pk")
        compared = [*WRITABLE, "scheme", "state", "reconfirm_on"]
        assert [getattr(one, name) for name in compared] == [
            getattr(other, name) for name in compared
        ]
    else:
        assert operation["status"] == "failed"
        assert {(each["pointer"], each["code"]) for each in operation["errors"]} == {
            ("/rows/2" + each["pointer"], each["code"]) for each in by_api.json()["errors"]
        }
