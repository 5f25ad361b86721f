"""How people write schemes and columns, and that no cell is a crash."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suppliers.certificates import Scheme
from suppliers.importing import heading, reading, schemes
from suppliers.importing.certifications import CERTIFICATIONS, COLUMNS, READERS
from suppliers.normalising import Unreadable

SPELLINGS = {
    "isms": "ISMS|ＩＳＭＳ|ISO27001|ISO/IEC 27001|ISO/IEC 27001:2022|JIS Q 27001：2014|ISMS認証"
            "|ISMS（ISO/IEC 27001）|ISO27001(ISMS)|情報セキュリティマネジメントシステム",
    "pmark": "Pマーク|Ｐマーク|Pﾏｰｸ|P-mark|プライバシーマーク|プライバシーマーク取得済"
             "|Privacy Mark",
    "scs_3": "SCS★3|SCS ★３|SCS★★★|SCS評価制度 ★3|★3|三つ星",
    "scs_4": "SCS★4|SCS評価制度★4|★4",
    "security_action_1": "SECURITY ACTION 一つ星|SECURITY ACTION ★"
                         "|セキュリティアクション一つ星宣言",
    "security_action_2": "SECURITY ACTION 二つ星|SECURITY ACTION(二つ星)|SECURITY ACTION ★★"
                         "|SECURITY ACTION 2つ星|SECURITY ACTION two stars"
                         "|セキュリティアクション二つ星",
    "otasuketai": "お助け隊|お助け隊サービス|サイバーセキュリティお助け隊サービス",
    "iso27017": "ISO/IEC 27017|ISO27017",
    "iso27701": "ISO/IEC 27701|ISO27701",
    "ismap": "ISMAP",
    "ismap_liu": "ISMAP-LIU",
    "soc2": "SOC2|SOC 2 Type II",
    "pci_dss": "PCI DSS|PCIDSS|PCI DSS v4.0",
    "tisax": "TISAX",
    "nist_800_171": "NIST SP 800-171|CMMC",
    "other": "その他|Other",
}  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "text"),
    [(scheme, text) for scheme, texts in SPELLINGS.items() for text in texts.split("|")],
)
def test_a_scheme_is_known_by_what_people_call_it(scheme, text):
    assert schemes.read(text) == scheme


@pytest.mark.parametrize("scheme", Scheme)
def test_every_scheme_is_known_by_its_own_name(scheme):
    assert schemes.read(scheme.value) is scheme
    assert scheme.value in SPELLINGS


@pytest.mark.parametrize("text", ["SECURITY ACTION", "セキュリティアクション宣言", "SCS"])
def test_stars_that_are_not_told_are_asked_for(text):
    with pytest.raises(Unreadable) as refusal:
        schemes.read(text)

    assert refusal.value.code == "scheme-unclear"


@pytest.mark.parametrize("text", ["", "1", "27001", "★", "★5", "ISO9001", "ISMSではない", "未取得"])
def test_what_is_no_scheme_is_not_guessed(text):
    with pytest.raises(Unreadable):
        schemes.read(text)


def test_no_two_columns_share_a_name():
    names = [
        heading.squeeze(name)
        for column in COLUMNS
        for name in {column.name, column.title, *column.aliases}
    ]

    assert sorted(names) == sorted(set(names))
    assert set(READERS) == {column.name for column in COLUMNS} - {"supplier_name"}


EFFORT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CELLS = st.text(max_size=8) | st.sampled_from(
    ["K-1", "ISMS", "R9.3.31", "2027-03-31", "-", "はい", "10123456(05)", "\u202e", "=1+1"]
)


@EFFORT
@given(rows=st.lists(st.lists(CELLS, max_size=14), max_size=3))
def test_no_cell_is_a_crash_and_every_row_is_read_once(rows):
    names = [column.title for column in COLUMNS]
    numbered = [(1, names), *((number, cells) for number, cells in enumerate(rows, start=2))]

    read = reading.read(numbered, CERTIFICATIONS)

    assert [row["row"] for row in read] == list(range(2, len(rows) + 2))
    for row in read:
        assert row["errors"] or {"supplier", "scheme"} <= row["values"].keys()
        assert all(each["detail"] % each.get("values", {}) for each in row["errors"])


@EFFORT
@given(cells=st.lists(CELLS, min_size=1, max_size=14))
def test_a_row_twice_is_no_contradiction(cells):
    names = [column.title for column in COLUMNS]

    first, second = reading.read([(1, names), (2, cells), (3, cells)], CERTIFICATIONS)

    assert [each["code"] for each in first["errors"]] == [each["code"] for each in second["errors"]]


def test_a_number_that_grows_too_long_when_it_is_narrowed_is_an_error():
    heading_of_three = (1, ["取引先コード", "認証", "登録番号"])

    [row] = reading.read([heading_of_three, (2, ["K-1", "ISMS", "㍿" * 26])], CERTIFICATIONS)

    assert [(each["pointer"], each["code"]) for each in row["errors"]] == [
        ("/rows/2/number", "max-length")
    ]
