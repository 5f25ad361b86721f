"""The demonstration reads forms as a person does: by the words that stand beside the fields."""

from demo.parsing import parse

PAGE = """<!DOCTYPE html>
<html lang="ja"><head><title>基本的対策 - Tasuki</title></head><body>
<button form="page" name="action" value="next">保存して次へ</button>
<header><form method="post" action="/lang"><input type="hidden" name="csrf" value="other">
  <button name="language" value="en">English</button></form></header>
<main>
  <a href="/back">戻る</a>
  <div role="alert"><a href="#item_1_1">質問1の回答を選んでください</a></div>
  <h1>基本的
  対策</h1>
  <form id="page" method="post" action="/f/1">
    <input type="hidden" name="csrf" value="abc">
    <fieldset><legend><span>質問 1 / 25</span> <span>更新していますか。</span></legend>
      <input type="radio" id="item_1_1" name="item_1" value="done" checked>
      <label for="item_1_1">実施している <span>全部の機器で。</span></label>
      <input type="radio" id="item_1_2" name="item_1" value="not_done">
      <label for="item_1_2">実施していない &amp; まだ</label>
      <label for="comment_1">補足</label><textarea id="comment_1" name="comment_1">
もとの文</textarea>
    </fieldset>
    <label for="size">人数</label>
    <select id="size" name="size"><option value="">選ぶ</option>
      <option value="6-20" selected>6〜20人</option><option value="21-50">21〜50人</option></select>
    <label for="phone">電話</label><input id="phone" name="phone" value="03">
    <input type="checkbox" id="ok" name="ok" value="yes"><label for="ok">確認しました</label>
    <button name="action" value="next">保存して次へ</button>
    <button name="action" value="pause">保存して中断</button>
  </form>
</main></body></html>"""


def form():
    [only] = parse(PAGE).forms
    return only


def test_a_page_tells_its_heading_language_and_faults():
    page = parse(PAGE)

    assert (page.heading, page.language, page.title) == ("基本的 対策", "ja", "基本的対策 - Tasuki")
    assert page.faults == ["質問1の回答を選んでください"]
    assert page.links[0] == ("/back", "戻る")


def test_the_form_of_the_main_part_is_sent_as_it_stands():
    assert form().data() == [
        ("csrf", "abc"),
        ("item_1", "done"),
        ("comment_1", "もとの文"),
        ("size", "6-20"),
        ("phone", "03"),
        ("action", "next"),
    ]


def test_another_button_is_pressed_by_its_value():
    assert form().data("pause")[-1] == ("action", "pause")
    assert ("action", "next") not in form().data("pause")


def test_each_question_is_told_once():
    assert form().questions() == [
        "質問 1 / 25 更新していますか。", "人数", "電話", "確認しました",
    ]  # fmt: skip


def test_answers_are_chosen_by_the_beginning_of_their_words():
    filled = form()

    assert filled.answer("質問 1 / 25", "実施していない")
    assert filled.write("質問 1 / 25", "なし")
    assert filled.answer("人数", "21〜50人")
    assert filled.answer("電話", "03-0000-0001")
    assert filled.answer("確認しました", "確認しました")
    assert dict(filled.data()) == {
        "csrf": "abc",
        "item_1": "not_done",
        "comment_1": "なし",
        "size": "21-50",
        "phone": "03-0000-0001",
        "ok": "yes",
        "action": "next",
    }


def test_words_that_fit_no_option_or_two_choose_nothing():
    filled = form()

    assert not filled.answer("質問 1 / 25", "たぶん")
    assert not filled.answer("質問 1 / 25", "実施して")
    assert ("item_1", "done") in filled.data()
    assert not filled.asks("質問 2 / 25")
    assert not filled.write("質問 2 / 25", "なし")
