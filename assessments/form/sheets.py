"""The questions of one page with what was typed, what is stored and what is wrong about each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assessments.answering import Conflict
from assessments.form import clashing, showing
from assessments.form.questions import Fault, Filled, Question, question
from assessments.form.reading import Checked, Sent
from assessments.form.showing import NO_PAPERS, Papers
from assessments.models import Assessment
from questionnaires.content import Item


def plain(
    assessment: Assessment,
    items: Iterable[Item],
    filled: Mapping[int, Filled],
    papers: Papers = NO_PAPERS,
) -> list[Question]:
    return marked(assessment, items, filled, Checked(), (), papers)


def marked(
    assessment: Assessment,
    items: Iterable[Item],
    filled: Mapping[int, Filled],
    checked: Checked,
    conflicts: Iterable[Conflict],
    papers: Papers = NO_PAPERS,
) -> list[Question]:
    """The questions with what is wrong about each."""
    content = assessment.questionnaire.parsed()
    clashes = {each.number: clashing.of(content, each) for each in conflicts}
    asked = [
        question(
            content,
            item,
            filled[item.number],
            wrong=checked.wrong.get(item.number, ""),
            wrong_comment=checked.wrong_comments.get(item.number, ""),
            clash=clashes.get(item.number),
        )
        for item in items
    ]
    return [showing.beside(each, papers) for each in asked]


def fault(question: Question) -> Fault | None:
    if question.wrong_comment:
        return Fault(f"comment_{question.number}", question.wrong_comment)
    sentence = question.wrong or (question.clash.sentence if question.clash else "")
    if sentence:
        return Fault(question.id, sentence)
    return Fault(f"file_{question.number}", question.wrong_file) if question.wrong_file else None


def stored(assessment: Assessment, items: Iterable[Item]) -> dict[int, Filled]:
    numbers = [item.number for item in items]
    rows = assessment.answers.filter(number__in=numbers)
    kept = {row.number: Filled((row.value,), row.comment, row.version) for row in rows}
    return {number: kept.get(number, Filled()) for number in numbers}


def refreshed(sent: Sent, stored: Mapping[int, Filled]) -> dict[int, Filled]:
    """What was typed, with the new version of each answer that was stored just now."""
    filled = {}
    for number, each in sent.filled.items():
        there = stored[number]
        same = (each.value, each.comment.strip()) == (there.value, there.comment)
        filled[number] = replace(each, version=there.version) if same else each
        if number in sent.dropped:
            filled[number] = there
    return filled
