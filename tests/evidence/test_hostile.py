"""Each hostile or broken file gets its own sentence, costs little, and leaves nothing behind."""

import pytest
from django.utils import translation

from suppliers.evidence import sentences
from suppliers.models import Evidence
from tests.evidence.hostile import CASES
from tests.evidence.sending import send
from tests.factories import SupplierFactory


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(contractor=contractor)


def test_eighty_files_and_more_are_in_the_table():
    assert len({case.title for case in CASES}) == len(CASES) >= 80


def test_every_code_of_the_table_has_a_sentence_and_every_sentence_a_case():
    told_elsewhere = {"infected"}  # needs a real scanner

    assert {case.code for case in CASES} == set(sentences.REFUSALS) - told_elsewhere


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_it_is_refused_with_its_own_sentence_and_nothing_is_kept(case, api, supplier, kept):
    content = case.content()

    answer = send(api, supplier, content, case.name)

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/file", case.code)
    with translation.override("ja"):
        assert error["detail"].startswith(str(sentences.REFUSALS[case.code]).partition("%")[0])
    assert not Evidence.objects.exists()
    assert kept() == []
