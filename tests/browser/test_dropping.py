"""Documents can be dropped where they are chosen, and are sent with the page like chosen ones."""

from playwright.sync_api import expect

from tests.browser.looking import look

DROP = """([field, name, text]) => {
  const held = new DataTransfer();
  held.items.add(new File([text], name, {type: 'text/plain'}));
  const place = document.querySelector(`[name=${field}]`).closest('.upload');
  for (const kind of ['dragover', 'drop']) {
    place.dispatchEvent(
      new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
  }
}"""


def test_a_dropped_document_joins_the_chosen_one_and_both_are_kept(visit, desk):
    visitor, invitation = visit(), desk.invite()
    visitor.start(invitation.link)
    visitor.open_first_page()
    visitor.unfold()
    chosen = {"name": "えらんだ.txt", "mimeType": "text/plain", "buffer": "更新の記録".encode()}
    visitor.page.locator("[name=file_1]").set_input_files(chosen)

    visitor.tell(DROP, ["file_1", "おとした.txt", "点検の記録"])

    expect(visitor.page.get_by_role("status").first).to_have_text(
        "選んだ資料: えらんだ.txt, おとした.txt"
    )
    look(visitor, "page-1-dropped")
    visitor.press("next")
    visitor.open_first_page()
    papers = visitor.page.locator(".papers").first
    expect(papers).to_contain_text("えらんだ.txt")
    expect(papers).to_contain_text("おとした.txt")


def test_what_is_no_document_is_left_alone(visit, desk):
    visitor, invitation = visit(), desk.invite()
    visitor.start(invitation.link)
    visitor.open_first_page()

    taken = visitor.tell(
        """() => !document.querySelector('.upload').dispatchEvent(new DragEvent(
          'dragover', {dataTransfer: new DataTransfer(), bubbles: true, cancelable: true}))"""
    )

    assert taken is False
