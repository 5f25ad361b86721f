"""The table of certifications: its columns, and how a row of it is read.

Plain values in and out, no Django.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from contractors.marking import mark as _
from suppliers import certificates, days
from suppliers.certificates import Scheme
from suppliers.importing import cells, schemes
from suppliers.importing.cells import Read
from suppliers.importing.heading import Column, Fault
from suppliers.importing.reading import Claim, Table, Values
from suppliers.normalising import Unreadable, narrow

COLUMNS: Final = (
    Column(
        "supplier", "取引先コード",
        ("取引先番号", "取引先CD", "取引先ID", "仕入先コード", "仕入先番号", "企業コード",
         "会社コード", "コード", "supplier code", "vendor code", "vendor", "code"),
        required=True,
    ),
    Column("supplier_name", "取引先名",
           ("取引先", "会社名", "企業名", "社名", "商号", "仕入先名", "company", "company name")),
    Column(
        "scheme", "認証",
        ("認証名", "認証種別", "認証の種類", "認証・宣言", "認証制度", "制度", "制度名", "種別",
         "規格", "certification", "certificate", "standard"),
        required=True,
    ),
    Column("number", "登録番号",
           ("認証番号", "認証登録番号", "証明書番号", "番号", "自己宣言ID", "宣言ID",
            "certificate number", "registration number", "registration no", "certificate no")),
    Column("body", "認証機関",
           ("審査登録機関", "登録機関", "発行機関", "付与機関", "提供者", "サービス名",
            "certification body", "issuer", "registrar", "provider")),
    Column("scope", "適用範囲", ("登録範囲", "認証範囲", "対象範囲", "範囲", "certified scope")),
    Column("scope_covers", "取引の範囲", ("取引を含むか", "scope covers us")),
    Column("edition", "版", ("規格版", "規格の版", "規格年版", "適用規格", "version")),
    Column("accreditation", "認定機関", ("accreditation body",)),
    Column("issued_on", "発行日",
           ("登録日", "取得日", "認証日", "交付日", "付与日", "宣言日",
            "issued", "issue date", "date of issue", "valid from")),
    Column("valid_until", "有効期限",
           ("有効期間", "有効期間満了日", "有効期限日", "満了日", "期限", "終了日",
            "expires", "expires on", "expiry", "expiry date", "expiration date", "valid to")),
    Column("note", "備考", ("メモ", "注記", "notes", "remarks", "comment")),
)  # fmt: skip
COVERS: Final = {
    "yes": "yes", "はい": "yes", "含む": "yes", "○": "yes", "partly": "partly", "一部": "partly",
    "no": "no", "いいえ": "no", "含まない": "no", "×": "no",
    "unknown": "unknown", "不明": "unknown",
}  # fmt: skip
READERS: Final[Mapping[str, Read]] = {
    "supplier": cells.text(50),
    "scheme": schemes.read,
    "number": cells.text(100),
    "body": cells.text(200),
    "scope": cells.text(1000),
    "scope_covers": cells.choice(COVERS),
    "edition": cells.text(100),
    "accreditation": cells.text(200),
    "issued_on": cells.day(days.start),
    "valid_until": cells.day(days.end),
    "note": cells.text(1000),
}
MISSING: Final = Fault("required", _("This cell must not be empty."))


def read(found: Mapping[str, str]) -> tuple[Values, list[tuple[str, Fault]]]:
    """The values that the cells say, in the scheme's own form, and all faults by column.

    Empty cells say nothing: they are not among the values.
    """
    values: Values = {}
    faults = []
    for name, reader in READERS.items():
        cell = found.get(name, "")
        if cells.says_nothing(cell):
            if name in {"supplier", "scheme"}:
                faults.append((name, MISSING))
            continue
        try:
            values[name] = reader(cell)
        except Unreadable as error:
            faults.append((name, _fault(error)))
    try:
        _in_form(values, found.get("scheme", ""))
    except Unreadable as error:
        faults.append(("valid_until", _fault(error)))
    return values, faults


def claims(values: Values) -> list[Claim]:
    """One certificate; where no number is known, one of a body."""
    number = values.get("number", "")
    body = "" if number else narrow(values.get("body", ""))
    thing = values["supplier"], values["scheme"], number, body
    return [(thing, {"all": values})]


def _in_form(values: Values, written: str) -> None:
    """Number and edition as they are stored; refuses an end before the beginning."""
    if "scheme" not in values:
        return
    scheme = Scheme(values["scheme"])
    if "number" in values:
        values["number"] = certificates.number(scheme, values["number"])
    edition = values.get("edition") or schemes.edition(written)
    if edition and (known := certificates.edition(scheme, edition)):
        values["edition"] = known
    certificates.check_span(_day(values, "issued_on"), _day(values, "valid_until"))


def _day(values: Values, name: str) -> date | None:
    return date.fromisoformat(values[name]) if name in values else None


def _fault(error: Unreadable) -> Fault:
    return Fault(error.code, str(error), dict(error.values))


CERTIFICATIONS: Final = Table("certifications", COLUMNS, read, claims)
