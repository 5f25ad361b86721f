"""Schemes as people write them in sheets, in Japanese and English.

Plain values in and out, no Django.
"""

import re
import unicodedata
from typing import Final

from contractors.marking import mark as _
from suppliers.certificates import Scheme
from suppliers.normalising import Unreadable

FIGURES: Final = {
    "一": "1", "二": "2", "三": "3", "四": "4", "ひと": "1", "ふた": "2",
    "one": "1", "two": "2", "three": "3", "four": "4",
}  # fmt: skip
STARS: Final = re.compile("★{2,4}(?!\\d)")
COUNTED: Final = re.compile("(" + "|".join(FIGURES) + "|[1-4])つ?(?:★|星|stars?)")
AROUND: Final = re.compile("(?:認証取得|認証|取得済み?|取得|宣言済み?|宣言|認定|登録|加入)$")
EDITION: Final = re.compile(r"(?<=27001)[:：\-\s]*((?:19|20)\d\d)(?:年版)?$")
BARE: Final = re.compile(r"[\s\-_/・.,:()\[\]「」]")
SPELLINGS: Final = (
    (Scheme.ISMS, r"(?:isms(?:適合性評価制度)?)?(?:(?:iso(?:iec)?|jisq)27001)?"
                  r"|(?:iso(?:iec)?|jisq)27001isms|情報セキュリティマネジメントシステム"),
    (Scheme.PMARK, r"p(?:マーク|mark)|プライバシーマーク|privacymark|jisq15001"),
    (Scheme.SCS_3, r"(?:scs(?:評価制度)?)?★3|scs3"),
    (Scheme.SCS_4, r"(?:scs(?:評価制度)?)?★4|scs4"),
    (Scheme.SECURITY_ACTION_1, r"(?:securityaction|セキュリティアクション)(?:★|★?1)|(?:sa)?★1"),
    (Scheme.SECURITY_ACTION_2, r"(?:securityaction|セキュリティアクション)★?2|(?:sa)?★2"),
    (Scheme.OTASUKETAI, r"(?:サイバーセキュリティ)?お助け隊(?:サービス)?(?:[12]類)?|otasuketai"),
    (Scheme.ISO27017, r"(?:iso(?:iec)?|jisq)27017|ismsクラウドセキュリティ"),
    (Scheme.ISO27701, r"(?:iso(?:iec)?|jisq)27701|ismspims"),
    (Scheme.ISMAP, r"ismap"),
    (Scheme.ISMAP_LIU, r"ismapliu"),
    (Scheme.SOC2, r"soc2(?:type(?:1|2|i|ii))?"),
    (Scheme.PCI_DSS, r"pcidss(?:v?\d+)?"),
    (Scheme.TISAX, r"tisax"),
    (Scheme.NIST_800_171, r"(?:nist)?(?:sp)?800171|cmmc"),
    (Scheme.OTHER, r"その他|other"),
)  # fmt: skip
PATTERNS: Final = tuple((scheme, re.compile(pattern)) for scheme, pattern in SPELLINGS)
WITHOUT_STARS: Final = re.compile("securityaction|セキュリティアクション|scs(?:評価制度)?")


def read(cell: str) -> Scheme:
    """The scheme that is meant. Refuses with `Unreadable` what is not known, or not clear."""
    shown = _bare(EDITION.sub("", unicodedata.normalize("NFKC", cell).strip()))
    for scheme, pattern in PATTERNS:
        if shown and pattern.fullmatch(shown):
            return scheme
    if WITHOUT_STARS.fullmatch(shown):
        raise Unreadable(
            "scheme-unclear", _("Say how many stars: SECURITY ACTION ★1 or ★2, SCS ★3 or ★4.")
        )
    raise Unreadable(
        "invalid-choice",
        _("Write a scheme that is known here, such as ISMS, pmark, SCS ★3, or other."),
    )


def edition(cell: str) -> str | None:
    """The year that stands behind an ISO/IEC 27001, where nothing else tells the edition."""
    found = EDITION.search(unicodedata.normalize("NFKC", cell).strip())
    return found[1] if found else None


def _bare(text: str) -> str:
    """In lower case, without spaces and signs; stars as ★ and their number."""
    shown = BARE.sub("", text.lower().replace("☆", "★"))
    shown = AROUND.sub("", shown)
    shown = STARS.sub(lambda stars: f"★{len(stars[0])}", shown)
    return COUNTED.sub(lambda read: f"★{FIGURES.get(read[1], read[1])}", shown)
