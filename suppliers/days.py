"""Days as people in Japan write them: 西暦 and 和暦, any width, also a month alone.

Plain values in and out, no Django. A day is a day in Japan, wherever the service runs.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from contractors.marking import mark as _
from contractors.odd import YEARS
from suppliers.normalising import Unreadable, narrow

JAPAN: Final = ZoneInfo("Asia/Tokyo")
ERAS: Final = {"r": date(2019, 5, 1), "h": date(1989, 1, 8), "s": date(1926, 12, 25)}
ERA_NAMES: Final = {"令": "r", "平": "h", "昭": "s"}
LONGEST: Final = 60  # characters that a day could need

IN_BRACKETS: Final = re.compile(r"\([^()]*\)|[月火水木金土日]曜日?")
AROUND: Final = re.compile(
    r"^(?:(?:有効|登録|認証)?(?:期限|期間|満了日?)|(?:発行|登録|取得|交付)日)\s*:?|(?:まで|迄|から|より|付け?)$"
)
KANJI: Final = re.compile("[〇零一二三四五六七八九十]+")
DIGITS: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
NUMERIC: Final = re.compile(
    r"(?P<era>令和?|平成?|昭和?|[rhs])?\.?\s*(?P<year>\d{1,4}|元)\s*(?:年|[-./]|\s)\s*(?P<month>\d{1,2})"
    r"(?:\s*(?:月|[-./]|\s)\s*(?P<day>\d{1,2})\s*日?|\s*月?\s*(?P<last>末)日?|\s*月)?"
)
COMPACT: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
COMPACT_ERA: Final = re.compile(r"(?P<era>[rhs])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})")
NAME: Final = r"(?P<name>[a-z]{3,9})\.?"
ENGLISH: Final = (
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{NAME},?[\s-]+(?P<year>\d{{4}})"),
    re.compile(rf"{NAME}\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{{4}})"),
)
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def start(text: str) -> date:
    """The day somebody wrote; of a month alone its first day. Refuses with `Unreadable`."""
    return _read(text, alone_is_last=False)


def end(text: str) -> date:
    """The day somebody wrote; of a month alone its last day. Refuses with `Unreadable`."""
    return _read(text, alone_is_last=True)


def in_japan(moment: datetime) -> date:
    """The day that it is in Japan."""
    return moment.astimezone(JAPAN).date()


def begins_at(day: date) -> datetime:
    """Midnight in Japan, with which the day begins."""
    return datetime.combine(day, time(0), tzinfo=JAPAN)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _read(text: str, *, alone_is_last: bool) -> date:
    shown = _plain(text) if len(text) <= LONGEST else ""
    found = _numeric(shown) or _english(shown)
    if found is None:
        raise Unreadable(
            "invalid",
            _("Give a day like 2026-03-31 or R8.3.31, or a month like 2026-03."),
        )
    year, month, day = found
    if year not in YEARS:
        raise Unreadable(
            "out-of-range", _("Give a day from 1950 to 2099, with four digits, like 2026-03-31.")
        )
    try:
        last = monthrange(year, month)[1]
        return date(year, month, day or (last if alone_is_last else 1))
    except ValueError as error:
        raise Unreadable(
            "no-such-day", _("The calendar has no such day. Give one like 2026-03-31.")
        ) from error


def _plain(text: str) -> str:
    """Narrow, in lower case, with Arabic figures, without what stands around a day."""
    shown = IN_BRACKETS.sub("", narrow(text)).strip()
    shown = AROUND.sub("", AROUND.sub("", shown).strip()).strip()
    return KANJI.sub(lambda kanji: str(_figure(kanji[0])), shown).lower()


def _figure(kanji: str) -> int:
    """二十三 is 23; 二〇二六 is 2026."""
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return int("".join(str(DIGITS[sign]) for sign in kanji))
    return 10 * (_figure(tens) if tens else 1) + (_figure(ones) if ones else 0)


def _numeric(shown: str) -> tuple[int, int, int] | None:
    """Year, month and day; day 0 is a month alone."""
    for pattern in (NUMERIC, COMPACT, COMPACT_ERA):
        if read := pattern.fullmatch(shown):
            found = read.groupdict()
            year = _year(found.get("era"), found["year"])
            month, day = int(found["month"]), int(found["day"] or 0)
            if year is None:
                return None
            if found.get("last"):
                day = monthrange(year, month)[1] if 1 <= month <= 12 and year in YEARS else 0
            _check_era(found.get("era"), year, month, day)
            return year, month, day
    return None


def _year(era: str | None, text: str) -> int | None:
    """An era may run past its end: papers of 平成30年 end in 平成33年."""
    if era is None:
        return int(text) if len(text) == 4 else None
    if len(text) > 2:
        return None
    began = ERAS[ERA_NAMES.get(era[0], era)]
    return began.year - 1 + (1 if text == "元" else int(text))


def _check_era(era: str | None, year: int, month: int, day: int) -> None:
    began = ERAS[ERA_NAMES.get(era[0], era)] if era else None
    if began and (year, month, day or 31) < (began.year, began.month, began.day):
        raise Unreadable(
            "no-such-day",
            _("That era had not begun on this day. Give a day like 2026-03-31 or R8.3.31."),
        )


def _english(shown: str) -> tuple[int, int, int] | None:
    for pattern in ENGLISH:
        if read := pattern.fullmatch(shown):
            named = [month for month in MONTHS if month.startswith(read["name"])]
            month = MONTHS.index(named[0]) + 1 if named else 0  # 0 is in no calendar
            return int(read["year"]), month, int(read["day"] or 0)
    return None
