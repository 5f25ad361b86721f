"""Whom a letter greets: cases, and what holds for all names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.salutation import TITLES, salutation

AOZORA = "株式会社青空"
PEOPLE = ["服部", "阿部", "渡部", "岡部", "大室", "小室", "園部", "磯部", "長谷部", "矢部", "室"]
CASES = [
    # company, department, title, name, what stands above the letter
    (AOZORA, "", "", "", "株式会社青空 御中"),
    (AOZORA, "", "", "山田太郎", "株式会社青空\n山田太郎様"),
    (AOZORA, "総務部", "", "山田太郎", "株式会社青空\n総務部\n山田太郎様"),
    (AOZORA, "総務部", "部長", "山田太郎", "株式会社青空\n総務部\n部長 山田太郎様"),
    (AOZORA, "", "代表取締役", "山田太郎", "株式会社青空\n代表取締役 山田太郎様"),
    (AOZORA, "総務部", "", "", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "総務部", "部長", "", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "", "部長", "", "株式会社青空\nご担当者様"),
    (AOZORA, "", "", "ご担当者", "株式会社青空\nご担当者様"),
    (AOZORA, "", "", "ご担当者様", "株式会社青空\nご担当者様"),
    (AOZORA, "", "", "担当者", "株式会社青空\nご担当者様"),
    (AOZORA, "", "", "山田様", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田 様", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田さん", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田殿", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田様様", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田部長", "株式会社青空\n山田部長"),
    (AOZORA, "", "", "山田部長様", "株式会社青空\n山田部長"),
    (AOZORA, "", "部長様", "山田太郎", "株式会社青空\n部長 山田太郎様"),
    (AOZORA, "", "部長", "山田部長", "株式会社青空\n山田部長"),
    (AOZORA, "", "", "部長", "株式会社青空\nご担当者様"),
    (AOZORA, "", "社長", "社長", "株式会社青空\nご担当者様"),
    ("株式会社青空 御中", "", "", "", "株式会社青空 御中"),
    ("株式会社青空御中", "", "", "山田太郎", "株式会社青空\n山田太郎様"),
    ("株式会社青空様", "", "", "", "株式会社青空 御中"),
    (AOZORA, "総務部御中", "", "", "株式会社青空\n総務部\nご担当者様"),
    ("", "", "", "山田太郎", "山田太郎様"),
    ("", "", "", "", "ご担当者様"),
    (AOZORA, "", "", "  山田\u3000太郎 ", "株式会社青空\n山田 太郎様"),
    (AOZORA, "", "", "山田\u202e太郎\n", "株式会社青空\n山田太郎様"),
    (AOZORA, "", "工場長", "鈴木", "株式会社青空\n工場長 鈴木様"),
    (AOZORA, "", "", "田中先生", "株式会社青空\n田中先生"),
    (AOZORA, "", "", "鵜殿", "株式会社青空\n鵜殿様"),
    (AOZORA, "", "", "鵜殿様", "株式会社青空\n鵜殿様"),
    (AOZORA, "", "", "鵜殿 殿", "株式会社青空\n鵜殿様"),
    (AOZORA, "", "", "山田太郎殿", "株式会社青空\n山田太郎様"),
    (AOZORA, "", "", "森殿", "株式会社青空\n森様"),
    (AOZORA, "", "", "山田尊氏", "株式会社青空\n山田尊氏様"),
    (AOZORA, "", "", "山田 尊氏", "株式会社青空\n山田 尊氏様"),
    (AOZORA, "", "", "山田 尊氏 氏", "株式会社青空\n山田 尊氏様"),
    (AOZORA, "", "", "山田氏", "株式会社青空\n山田様"),
    (AOZORA, "", "", "佐々木氏", "株式会社青空\n佐々木様"),
    (AOZORA, "", "", "スミス氏", "株式会社青空\nスミス様"),
    (AOZORA, "", "", "山田様(総務)", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田様(総務)", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田さん(総務)", "株式会社青空\n山田様"),
    (AOZORA, "", "", "山田部長(総務)", "株式会社青空\n山田部長"),
    (AOZORA, "", "", "山田様、佐藤様", "株式会社青空\n山田様"),
    (AOZORA, "", "", "様", "株式会社青空 御中"),
    (AOZORA, "", "", "様似太郎", "株式会社青空\n様似太郎様"),
    ("株式会社青空 御中(本社)", "", "", "", "株式会社青空 御中"),
    ("お客様相談株式会社", "", "", "", "お客様相談株式会社 御中"),
    ("株式会社王様", "", "", "", "株式会社王様 御中"),
    ("株式会社王様 御中", "", "", "山田", "株式会社王様\n山田様"),
    ("株式会社王様様", "", "", "", "株式会社王様 御中"),
    (AOZORA, "", "お客様相談室長", "山田太郎", "株式会社青空\nお客様相談室長 山田太郎様"),
    (AOZORA, "", "お客様相談室長様", "山田太郎", "株式会社青空\nお客様相談室長 山田太郎様"),
    (
        AOZORA,
        "",
        "お客様サービス部 部長",
        "鈴木一郎",
        "株式会社青空\nお客様サービス部 部長 鈴木一郎様",
    ),
    (AOZORA, "", "得意先様担当課長", "山田", "株式会社青空\n得意先様担当課長 山田様"),
    (AOZORA, "", "", "総務部御中", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "", "", "総務課 御中", "株式会社青空\n総務課\nご担当者様"),
    (AOZORA, "", "", "総務部様", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "", "", "総務部(本社)", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "", "", "情報システム部", "株式会社青空\n情報システム部\nご担当者様"),
    (AOZORA, "", "", "お客様相談室", "株式会社青空\nお客様相談室\nご担当者様"),
    (AOZORA, "", "", "購買担当", "株式会社青空\n購買担当\nご担当者様"),
    (AOZORA, "", "", "品質管理グループ", "株式会社青空\n品質管理グループ\nご担当者様"),
    (AOZORA, "", "", "営業部 第二課", "株式会社青空\n営業部 第二課\nご担当者様"),
    (AOZORA, "総務部", "", "総務部", "株式会社青空\n総務部\nご担当者様"),
    (AOZORA, "営業本部", "部長", "購買課", "株式会社青空\n営業本部 購買課\nご担当者様"),
    (AOZORA, "", "", "総務部 阿部", "株式会社青空\n総務部 阿部様"),
    *((AOZORA, "", "", name, f"株式会社青空\n{name}様") for name in PEOPLE),
]
ENGLISH = [
    ("Aozora Ltd", "Sales", "Head", "Taro Yamada", "Dear Taro Yamada,"),
    ("Aozora Ltd", "", "", "", "Dear colleagues at Aozora Ltd,"),
    ("", "", "", "", "Dear colleagues,"),
    (AOZORA, "", "", "山田様", "Dear 山田,"),
    (AOZORA, "", "", "鵜殿", "Dear 鵜殿,"),
    (AOZORA, "", "", "総務部御中", "Dear colleagues at 株式会社青空,"),
    (AOZORA, "", "", "阿部", "Dear 阿部,"),
    (AOZORA, "", "", "部長", "Dear colleagues at 株式会社青空,"),
    (AOZORA, "", "", "ご担当者様", "Dear colleagues at 株式会社青空,"),
    ("株式会社青空 御中", "", "", "", "Dear colleagues at 株式会社青空,"),
]
HONORIFICS = st.lists(
    st.sampled_from(["様", " 様", "さん", "さま", " 殿", " 氏", "御中", " 御中"]), max_size=3
).map("".join)
NOTES = st.sampled_from(["", "(総務)", "(窓口)", " "])
PARTS = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["部長", "山田部長様", "御中", "様", "ご担当者様", "山田さん様", "総務部御中"]),
)


@pytest.mark.parametrize(("company", "department", "title", "name", "expected"), CASES)
def test_a_letter_greets_whom_it_may_concern(company, department, title, name, expected):
    assert salutation(company, department, title, name, "ja") == expected


@pytest.mark.parametrize(("company", "department", "title", "name", "expected"), ENGLISH)
def test_an_english_letter_greets_too(company, department, title, name, expected):
    assert salutation(company, department, title, name, "en") == expected


@given(PARTS, PARTS, PARTS, PARTS)
def test_there_are_never_two_honorifics_whatever_people_typed(company, department, title, name):
    lines = salutation(company, department, title, name, "ja").splitlines()

    assert 1 <= len(lines) <= 3
    honored = re.compile(rf"(?:様|御中|{TITLES})$")
    assert honored.search(lines[-1])
    assert not re.search(r"(?:様|御中)\s*(?:様|御中)$|(?:さん|さま|部長)様$", lines[-1])


@given(st.text("山田尊太郎様殿氏さん御中部長() ", min_size=1, max_size=12))
def test_one_honorific_stands_in_a_line_and_at_its_end(name):
    line = salutation(AOZORA, "", "", name, "ja").splitlines()[-1]

    assert len(re.findall(r"(?<=\S)\s*(?:様|御中)", line)) <= 1
    assert "様" not in salutation(AOZORA, "", "", name, "en")[len("Dear ") + 1 :]


@given(st.sampled_from(["山田太郎", "鈴木", "鵜殿", "山田尊氏"]), HONORIFICS, NOTES)
def test_whatever_people_add_to_a_name_it_is_greeted_the_same(name, honorifics, note):
    assert salutation("", "", "", f"{name}{honorifics}{note}", "ja") == f"{name}様"
