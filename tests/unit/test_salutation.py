"""Whom a letter greets: thirty cases, and what holds for all names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.salutation import salutation

AOZORA = "株式会社青空"
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
]
ENGLISH = [
    ("Aozora Ltd", "Sales", "Head", "Taro Yamada", "Dear Taro Yamada,"),
    ("Aozora Ltd", "", "", "", "Dear colleagues at Aozora Ltd,"),
    ("", "", "", "", "Dear colleagues,"),
]
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
    assert lines[-1].endswith(("様", "御中")) or name
    assert not lines[-1].endswith(("様様", "部長様", "御中様", "様御中", "さん様"))
    assert sum("御中" in line for line in lines[-1:]) + lines[-1].endswith("様") <= 1
