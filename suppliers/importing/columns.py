"""The columns of the tables of suppliers and of contacts, and what people call them.

Plain values, no Django.
"""

from dataclasses import replace
from typing import Final

from suppliers.importing.heading import Column

CODE: Final = Column(
    "code", "取引先コード",
    ("取引先番号", "取引先CD", "取引先ID", "仕入先コード", "仕入先番号", "企業コード", "会社コード",
     "コード", "supplier", "supplier code", "vendor code"),
)  # fmt: skip
NUMBER: Final = Column(
    "corporate_number", "法人番号", ("国税庁法人番号", "corporate no", "corporate number (JP)")
)
NAME: Final = Column(
    "name", "会社名",
    ("取引先名", "取引先", "企業名", "社名", "商号", "仕入先名", "名称", "supplier name", "company",
     "company name"),
    required=True,
)  # fmt: skip
COMPANY: Final = (
    CODE,
    NAME,
    Column("name_kana", "フリガナ",
           ("ふりがな", "カナ", "会社名カナ", "会社名フリガナ", "取引先名カナ", "商号カナ",
            "kana")),
    NUMBER,
    Column("invoice_number", "登録番号",
           ("インボイス番号", "適格請求書発行事業者登録番号", "インボイス登録番号", "T番号",
            "invoice no")),
    Column("industry", "業種", ("業種コード", "産業分類", "大分類", "JSIC")),
    Column("size_class", "規模", ("企業規模", "規模区分", "size")),
    Column("employees", "従業員数", ("従業員", "社員数", "人数", "number of employees")),
    Column("country", "国", ("国コード", "所在国")),
    Column("language", "言語", ("使用言語",)),
    Column("tags", "タグ", ("分類", "ラベル", "tag", "labels")),
    Column("handles_personal_data", "個人情報の取扱い",
           ("個人情報", "個人情報の取り扱い", "個人情報取扱", "personal data")),
    Column("exposure_confidential_information", "重要な機密情報",
           ("機密情報", "重要な機密情報を扱う", "秘密情報", "confidential information")),
    Column("exposure_business_continuity", "事業継続への影響",
           ("事業継続", "停止すると困る", "供給停止の影響", "business continuity")),
    Column("exposure_system_access", "社内システムへの接続",
           ("システム接続", "社内システム接続", "ネットワーク接続", "system access")),
    Column("exposure_note", "取引の備考", ("備考", "メモ", "注記", "note", "notes", "remarks")),
    Column("toriteki", "取適法", ("取適法の対象", "中小受託取引適正化法", "下請法")),
    Column("freelance_act", "フリーランス法", ("フリーランス新法", "フリーランス保護法")),
)  # fmt: skip
PERSON: Final = (
    Column("contact_name", "担当者",
           ("担当者名", "担当者氏名", "ご担当者", "ご担当者名", "連絡先", "連絡先氏名", "contact",
            "contact person")),
    Column("contact_department", "部署", ("部署名", "所属", "担当部署", "department")),
    Column("contact_title", "役職", ("役職名", "肩書", "title", "job title")),
    Column("contact_email", "メール",
           ("メールアドレス", "Eメール", "E-mail", "email address", "mail", "担当者メール",
            "担当者メールアドレス", "連絡先メール")),
    Column("contact_phone", "電話",
           ("電話番号", "TEL", "連絡先電話番号", "担当者電話番号", "phone", "phone number",
            "telephone")),
    Column("contact_role", "役割", ("担当区分", "role")),
    Column("contact_language", "担当者の言語", ("メールの言語",)),
)  # fmt: skip
WITH_COMPANY: Final = (  # the name of the company is for people there, and not read
    CODE,
    replace(NAME, name="supplier_name", required=False),
    NUMBER,
    replace(PERSON[0], aliases=(*PERSON[0].aliases, "name", "氏名", "お名前", "名前")),
    *PERSON[1:3],
    replace(PERSON[3], required=True),
    *PERSON[4:6],
    replace(PERSON[6], aliases=(*PERSON[6].aliases, "language", "言語")),
)
