"""The rating once more, written from the policy's file alone. It imports nothing of the product."""

from pathlib import Path

import yaml

POLICY = yaml.safe_load(
    (Path(__file__).parents[2] / "ratings/policies/tasuki-2026.1.yaml").read_text(encoding="utf-8")
)
PROOF = POLICY["proof"]
IPA = {"done": 4, "partly": 2, "not_done": 0, "unknown": -1}


def ipa_total(answers):
    return sum(IPA[value] for value in answers.values())


def score(answers, person, certifications, personal_data):
    """Certifications are tuples (scheme, status, scope_covers, has_document, checker's points)."""
    if not answers:
        table = POLICY["instead_of_answers"]
        able = [c for c in certifications if c[1] == "verified" and c[2] == "yes" and c[0] in table]
        return max([table[c[0]] for c in able], default=0)
    total = sum(item["points"][answers[item["number"]]] for item in POLICY["items"])
    for basic in POLICY["basics"]:
        enough = ["done"] if basic["earned_from"] == "done" else ["done", "partly"]
        total += basic["points"] * (answers[basic["item"]] in enough)
    total += POLICY["person"] * person + proof(certifications, personal_data)
    if any(is_proof(certification, personal_data) for certification in certifications):
        return total
    return min(total, POLICY["unproven_limit"])


def proof(certifications, personal_data):
    checked, unchecked, families = {}, {}, {}
    for certification in certifications:
        scheme, status = certification[:2]
        points = worth(certification, personal_data)
        if scheme in PROOF["declarations"]:
            family = PROOF["declarations"][scheme]["family"]
            families[family] = max(families.get(family, 0), points)
        elif status == "verified":
            checked[scheme] = max(checked.get(scheme, 0), points)
        else:
            unchecked[scheme] = max(unchecked.get(scheme, 0), points)
    more = sum(max(0, points - checked.get(scheme, 0)) for scheme, points in unchecked.items())
    firm = sum(checked.values()) + sum(families.values())
    return min(PROOF["most"], firm + min(PROOF["unchecked_most"], more))


def worth(certification, personal_data):
    scheme, status, scope, document, by_checker = certification
    if status not in ("verified", "declared", "renewal_pending"):
        return 0
    if scheme in PROOF["declarations"]:
        return PROOF["declarations"][scheme]["points"]
    if scheme in PROOF["by_checker"]["schemes"]:
        return min(by_checker, PROOF["by_checker"]["most"]) if status == "verified" else 0
    rows = PROOF["certificates"][scheme]
    row = rows["points"] if personal_data else rows.get("without_personal_data", rows["points"])
    if status == "verified":
        return row["covers" if scope == "yes" else "elsewhere"]
    if document:
        return row["document"] if scope == "yes" else min(row["document"], row["elsewhere"])
    return row["named"]


def is_proof(certification, personal_data):
    scheme, status, scope = certification[:3]
    third_party = scheme not in PROOF["declarations"]
    worthy = worth(certification, personal_data) > 0
    return third_party and status == "verified" and scope == "yes" and worthy


def grade(hundredths):
    return next(each["grade"] for each in POLICY["grades"] if each["begins_at"] <= hundredths)


def level(hundredths, exposure):
    return POLICY["levels"][grade(hundredths)][exposure]
