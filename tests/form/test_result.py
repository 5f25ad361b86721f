"""S13: those who answered see what it comes to, what is open, and three good next steps."""

import re

import pytest
from django.utils import timezone

from assessments import submitting
from assessments.models import Answer
from assessments.submitting import Responsible
from tests.factories import AnsweredFactory
from tests.form.browsing import Browser
from tests.form.conftest import inside, link_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in():
    assessment = AnsweredFactory.create(answers="done")
    Answer.objects.filter(number__in=[9, 24]).update(value="unknown")
    Answer.objects.filter(number=1).update(value="not_done")
    hand_in(assessment)
    return assessment


def hand_in(assessment):
    person = Responsible("山田花子", "社長", "hanako@yamada.example")
    submitting.submit(assessment, responsible=person, now=timezone.now())


def test_the_receipt_leads_to_points_parts_unknowns_steps_and_stars(handed_in):
    browser = inside(handed_in)
    receipt = browser.open(f"/f/{handed_in.public_id}/receipt")
    assert f"/f/{handed_in.public_id}/result" in receipt.links

    page = browser.open(f"/f/{handed_in.public_id}/result")

    assert "100点中 86 点" in page.text  # 22 of 25 done, two unknown at -1
    for part in ("16 / 20", "47 / 52", "23 / 28"):
        assert part in page.text
    assert "確かめるとよい質問 2問" in page.text
    assert "質問9 無線LAN" in page.text
    steps = re.findall(r"([0-9.]+)点が加わります", page.text)
    assert steps == ["6.08", "3.00", "2.08"]
    assert "はじめの一歩: 自動更新を入れ" in page.text
    assert "一つ星は、取り組むという宣言なので、いますぐ宣言できます。" in page.text
    assert "二つ星の宣言には、情報セキュリティ基本方針の策定と公開が必要です。" in page.text
    assert handed_in.contractor.person in page.text


def test_no_word_on_it_reads_as_a_threat(handed_in):
    page = inside(handed_in).open(f"/f/{handed_in.public_id}/result")

    assert not re.search("危険|critical|最優先|high|審査|不合格|grade|評価[A-E]", page.text)


def test_a_full_score_has_nothing_left_but_what_is_declared():
    assessment = AnsweredFactory.create()
    hand_in(assessment)

    page = inside(assessment).open(f"/f/{assessment.public_id}/result")

    assert "100点中 100 点" in page.text
    assert "確かめるとよい質問" not in page.text
    assert "一つ星はいますぐ宣言できます。" in page.text


def test_a_contractor_may_keep_results_to_itself(handed_in):
    handed_in.contractor.shares_results = False
    handed_in.contractor.save(update_fields=["shares_results"])
    browser = inside(handed_in)

    receipt = browser.open(f"/f/{handed_in.public_id}/receipt")

    assert "結果とアドバイス" not in receipt.text
    assert browser.open(f"/f/{handed_in.public_id}/result").status == 404


def test_before_handing_in_there_is_no_result():
    assessment = AnsweredFactory.create()

    page = inside(assessment).open(f"/f/{assessment.public_id}/result")

    assert page.address == f"/f/{assessment.public_id}/"


def test_a_new_browser_needs_a_code_before_it_sees_the_result(handed_in):
    browser = Browser()
    browser.open(link_to(handed_in))

    page = browser.open(f"/f/{handed_in.public_id}/result")

    assert "/code" in page.address or page.status == 404
    assert "100点中" not in page.text
