"""The demonstration's data are well-formed, so that it never fails for its own fault."""

from stdnum.jp import cn

from demo import story, telling


def test_twelve_suppliers_have_numbers_that_check_and_addresses_nobody_has():
    suppliers = story.suppliers()
    numbers = [each["corporate_number"] for each in suppliers.values() if each["corporate_number"]]

    assert len(suppliers) == 12
    assert len(set(numbers)) == len(numbers) == 10
    assert all(cn.is_valid(number) and number[1:5] == "9999" for number in numbers)
    for supplier in suppliers.values():
        [contact] = supplier["contacts"]
        assert contact["email"].endswith(".example")
        assert contact["phone"].startswith("03-0000-")


def test_who_answers_and_who_is_left_are_suppliers_of_the_file():
    asked = story.request()

    codes = [asked["supplier"], asked["another"], asked["talks"]["supplier"]]
    assert len(set(codes)) == 3
    assert set(codes) <= set(story.suppliers())


def test_who_acts_in_the_campaign_are_three_others_of_the_file():
    asked = story.request()

    codes = [asked["campaign"][name] for name in ("answers", "stops", "silent")]
    assert len({*codes, asked["supplier"], asked["talks"]["supplier"]}) == 5
    assert set(codes) <= set(story.suppliers())


def test_each_question_that_is_asked_back_has_its_reply():
    asked = [f"reply_{each['number']}" for each in story.request()["asks_back"]["items"]]

    assert [line.question for line in story.clarified()["clarification"]] == asked


def test_the_answers_give_ipas_points():
    answers = story.answers()

    assert [line.question for line in answers["answers"]] == [
        f"質問 {number} / 25" for number in range(1, 26)
    ]
    assert story.total() == 11 * 4 + 7 * 2 + 0 - 1
    assert story.unknowns() == [23]


def test_long_lines_are_folded_and_cut_at_full_width():
    assert telling.fold("あいうaえ", 5) == ["あい", "うaえ"]
    assert telling.cut("あいう", 6) == "あいう"
    assert telling.cut("あいうえ", 6) == "あい…"
