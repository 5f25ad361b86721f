"""A person at a browser, and everything the browser asked for or complained about meanwhile."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect

PATIENCE = 20_000  # milliseconds, for a machine that does other things as well
TOLD_ON_PURPOSE = "Failed to load resource: the server responded with a status of"
WAYS = {"ja": "ja-JP", "en": "en-GB"}
WORDS = {  # what stands on buttons and links, in Japanese and in English
    "start": ("回答をはじめる", "Start answering"),
    "go on": ("続きから回答する", "Go on answering"),
    "first": ("質問1から回答する", "Answer the first question"),
    "next": ("保存して次へ", "Save and continue"),
    "pause": ("保存して中断", "Save and pause"),
    "continue": ("次へ", "Continue"),
    "hand in": ("確認と提出", "Check and hand in"),
    "responsible": ("責任者の確認へ進む", "On to the responsible person"),
    "submit": ("内容を確認し、提出する", "Confirm and hand in"),
    "ask responsible": ("責任者に確認を依頼する", "Ask the responsible person to confirm"),
    "take back": ("依頼を取り消す", "Take the request back"),
    "see answers": ("回答を見る", "See the answers"),
    "give back": ("回答者に戻す", "Give back to who asked"),
    "receipt": ("受付票を見る", "See the receipt"),
    "result": (
        "点数と、次に取り組むとよいことを見る",
        "See what the answers come to, and good next steps",
    ),
    "decline": ("担当が違う・回答しない", "Not the right person, or no answer"),
    "hand over": ("担当の交代", "Another person takes over"),
    "hand over to": ("この人に引き継ぐ", "Hand over to this person"),
    "colleagues": ("同僚に頼む", "Ask colleagues"),
    "choose colleague": ("頼む同僚と質問を選ぶ", "Ask a colleague"),
    "see mail": ("送る前にメールを見る", "See the mail before it is sent"),
    "send mail": ("このメールを送る", "Send this mail"),
    "see questions": ("質問を見る", "See the questions"),
    "answers back": ("回答を返す", "Give the answers back"),
    "cannot answer": ("回答できない", "I cannot answer"),
    "stop mails": ("自動のメールを止める", "Stop automatic mails"),
    "stop": ("メールを止める", "Stop the mails"),
    "more time": ("期限を延ばす", "More time to answer"),
    "take day": ("この日にする", "Take this day"),
    "talk": ("相談・質問する", "Talk or ask"),
    "new talks": (
        "必要性・費用・時期・代わりの対策などを相談する",
        "Talk about need, cost, time or another measure",
    ),
    "send": ("送る", "Send"),
    "make proposal": ("提案する", "Make a proposal"),
    "propose": ("この内容で提案する", "Propose this"),
    "answer proposal": ("この提案に返答する", "Answer this proposal"),
    "send answer": ("この内容で返答する", "Send this answer"),
    "send notice": ("この内容で知らせる", "Send this notice"),
    "other language": ("English", "日本語"),
    "to overview": ("回答の進み具合へ戻る", "Back to the overview"),
    "to check": ("回答の確認へ戻る", "Back to the check"),
}
RESPONSIBLE = {"name": "山田花子", "title": "社長", "email": "hanako@yamada.example"}


class Visitor:
    """Opens pages on a phone of 320 × 640 unless another size is given."""

    def __init__(
        self,
        chromium: Browser,
        home: str,
        album: Path | None,
        *,
        width: int = 320,
        height: int = 640,
        language: str = "ja",
        scripts: bool = True,
    ) -> None:
        self.home, self.album, self.language, self.scripts = home, album, language, scripts
        self.size = ViewportSize(width=width, height=height)
        self.context = chromium.new_context(
            viewport=self.size, locale=WAYS[language], java_script_enabled=scripts
        )
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.titles: dict[str, str] = {}
        self.context.on("request", lambda request: self.requests.append(request))
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(TOLD_ON_PURPOSE):
            self.complaints.append(message.text)

    def open(self, address: str) -> int:
        answer = self.page.goto(address)
        return answer.status if answer else 0

    def word(self, meaning: str) -> str:
        return WORDS[meaning][self.language == "en"]

    def press(self, meaning: str) -> None:
        """The button or link with that word, and the page it leads to."""
        word = self.word(meaning)
        buttons = self.page.get_by_role("button", name=word, exact=True)
        links = self.page.get_by_role("link", name=word, exact=True)
        with self.page.expect_navigation():
            buttons.or_(links).first.click()

    def is_at(self, end: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(end) + r"(\?[^#]*)?(#.*)?$"))

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def choose(self, number: int, value: str) -> None:
        self.page.locator(f"[name=item_{number}][value='{value}']").check()

    def choose_all(self, value: str) -> None:
        for choice in self.page.locator(f"[name^=item_][value='{value}']").all():
            choice.check()

    def write(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"[name={name}]").fill(text)

    def unfold(self) -> None:
        for closed in reversed(self.page.locator("details:not([open]) > summary").all()):
            closed.click()

    def filled(self) -> dict[str, str]:
        """Every field that a person fills and that holds something, by its name."""
        fields: dict[str, str] = self.tell(FILLED)
        return fields

    def start(self, link: str) -> str:
        """From the link to the first page of questions; gives back the request's own address."""
        self.open(link)
        self.press("start")
        return re.sub(r"(/f/[^/]+/).*", r"\1", self.page.url)

    def open_first_page(self) -> None:
        self.open(re.sub(r"(/f/[^/]+/).*", r"\1answers/1", self.page.url))

    def answer_everything(self, base: str, value: str = "done") -> None:
        """All pages, up to the one where the responsible person is named."""
        for number in range(1, 5):
            self.open(f"{base}answers/{number}")
            self.choose_all(value)
            self.press("next")
        self.open(f"{base}company")
        self.choose(7, "part_time")
        self.write(item_8="山田太郎")
        self.press("next")
        self.press("responsible")

    def sign(self) -> None:
        self.write(**RESPONSIBLE)
        self.page.locator("[name=confirmed]").check()

    def tab_to(self, which: str) -> int:
        """Press Tab until the focus is on what the selector means; returns how often."""
        for presses in range(150):
            if self.tell("which => document.activeElement.matches(which)", which):
                return presses
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The Tab key never reaches {which} on {self.page.url}.")

    def key(self, name: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(name)

    def expect_focus(self, control: str) -> None:
        """A browser moves the focus a moment after it has loaded the page."""
        expect(self.page.locator(f"#{control}")).to_be_focused(timeout=PATIENCE)

    def picture(self, name: str) -> None:
        """The whole page, for people to look at, where the run keeps an album."""
        if self.album:
            self.page.screenshot(
                path=self.album / f"{self.language}-{name}.png",
                full_page=True,
                caret="initial",  # else it writes styles into the page
            )

    def tell(self, question: str, given: Any = None) -> Any:
        """What the page itself answers. It works with scripts off: it is asked from outside."""
        return self.page.evaluate(question, given)


FILLED = """() => Object.fromEntries(
  [...document.querySelectorAll(
    'main input:checked, main [type=text], main [type=email], main select, main textarea')]
  .filter(each => each.value).map(each => [each.name, each.value]))"""
