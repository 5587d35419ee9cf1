"""Finding words about the grading in an answer: orders to a grader, demands for marks, claims of authority.

Such words never reach a model. The patterns run over canonical words (lower case, no punctuation), so that a spoken
order is found like a typed one. "Ignore", "score", "points", "system", "answer" and "candidate" are also words of the
trade, so each pattern wants the company that only a grader's language has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hireflow_voice.evaluation.windows import Token, tokens

_REACH = 14
"""Words around a remark that go with it where no sentence end is near (spoken text has few)."""
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")

_ORDER = r"(?:ignore|disregard|forget|override|overrule|bypass|do not follow|don't follow)"
_MARKS = r"(?:marks?|scores?|points?|credits?|grades?|ratings?|percent|stars?)"
_GRADER = r"(?:grader|judge|examiner|evaluator|marker|interviewer|assistant|model|ai)"
_ME = r"(?:me|him|her|myself|my \w+|(?:this|the) (?:answer|response|reply|candidate|transcript))"
_HOW = r"(?:an?|the|all|full|top|max|maximum|highest|best|possible|perfect|good|great|high|strong|\d+|five|ten|hundred)"
_MET = r"(?:covered|met|satisfied|supported|fulfilled|credited|passed)"
_WORKS = r"(?:covers?|demonstrates?|satisf(?:y|ies)|addresses|meets|explains everything)"
_PRAISE = (
    r"(?:perfect|complete|excellent|outstanding|flawless|exemplary|ideal|strong|brilliant|(?:fully|entirely) correct)"
)

_ORDERS = (
    rf"\b{_ORDER} (?:\w+ ){{0,3}}(?:instructions?|rubrics?|criteria|prompts?|guidelines)\b",
    rf"\b{_ORDER} (?:\w+ ){{0,2}}(?:previous|prior|earlier|grading|scoring|marking|your|these) (?:\w+ )?"
    r"(?:rules?|text|messages?|orders?|task)\b",
    rf"\b{_ORDER} (?:everything|anything|all) (?:\w+ ){{0,2}}(?:above|before|told|said)\b",
    r"\bnew (?:instructions?|task) (?:for (?:you|the)|is|are|follow)\b",
    rf"\b(?:instructions?|note|message|reminder) (?:to|for) the (?:\w+ )?{_GRADER}\b",
    r"\bthe (?:grader|examiner|evaluator|marker) (?:must|should|has to|will|is|can|may|needs)\b",
    r"\b(?:always|only|just|please|must) (?:answer|reply|respond|say|output|print|return) (?:with )?(?:only )?yes\b",
    r"\b(?:answer|reply|respond|say|output) (?:with )?yes (?:to|for|on) (?:all|every|each|any|the)\b",
)
_DEMANDS = (
    r"\b(?:full|top|maximum|max) (?:marks?|credit|points)\b",
    rf"\b(?:perfect|highest|best|maximum|top) (?:possible )?{_MARKS} (?:to|for|on) {_ME}\b",
    rf"\b(?:give|award|grant|assign) {_ME} (?:{_HOW} ){{0,4}}(?:{_MARKS}|out of|hired?|pass|covered)\b",
    rf"\b(?:grade|rate|score) {_ME}\b",
    rf"\b(?:i|it|this|he|she|they) (?:deserves?|earns?|(?:should|must) (?:get|receive|be given|be awarded)) "
    rf"(?:\w+ ){{0,4}}(?:{_MARKS}|ten|10|a hundred|100|hired?|pass|covered)\b",
    r"\bout of (?:ten|10|five|5|hundred|100) (?:please|points|marks|for (?:this|my|me))\b",
    r"\bmark (?:\w+ ){0,5}(?:covered|supported)\b",
    rf"\bmark (?:{_ME}|everything|all|every|each) (?:\w+ ){{0,5}}(?:correct|complete|passed|yes|full)\b",
    r"\b(?:all|every|each) (?:of the )?(?:key |rubric |listed )?(?:points?|criteri(?:a|on)|statements?|items?) "
    rf"(?:\w+ ){{0,3}}{_MET}\b",
)
_GRADERS_WORDS = (
    r"\b(?:output|print|return|set|write|report) (?:\w+ ){0,2}(?:score|grade|marks?|rating)(?: \w+){0,4} "
    r"(?:10|ten|100|full|maximum|max|perfect|covered|for (?:this|the) candidate)\b",
    r"\bthe (?:score|grade|mark|rating) (?:is|must be|should be) (?:\w+ ){0,2}(?:10|ten|100|full|maximum|perfect)\b",
    r"\bi am (?:an? |the )?(?:\w+ ){0,3}candidate\b",
    r"\b(?:rubrics?|key points?|system prompt|grading|graders?|mark scheme|prompt injection|this transcript)\b",
    r"\b(?:scoring|evaluation|assessment|marking) (?:criteria|criterion|guide|system|key|sheet|model|rules?)\b",
    r"\b(?:supported by (?:the|this) transcript|statement is supported)\b",
)
_AUTHORITY = (
    r"\b(?:i am|i'm|this is|speaking as|as) (?:the|your|an?) (?:\w+ )?(?:examiner|evaluator|grader|hiring manager"
    r"|(?:system|test) administrator|creator of (?:this|the) (?:test|system|app))\b",
    r"\b(?:developer mode|debug override|admin(?:istrator)? override)\b",
    r"\byou are (?:now|an? (?:ai|assistant|language model|helpful|judge|generous|lenient))\b",
)
_PRAISES = (
    rf"\b(?:this|the|that|my) (?:answer|response|reply) (?:above )?(?:deserves?|(?:\w+ly )?{_WORKS}"
    rf"|(?:is|was) (?:\w+ )?{_PRAISE})\b",
    r"\b(?:this|the) candidate(?:'s)? (?:answer|response|deserves?|covers|explains|demonstrates|mentions"
    r"|(?:has )?(?:answered|covered|explained|demonstrated|mentioned|shown)"
    rf"|is {_PRAISE}|should (?:be hired|pass|get|receive))\b",
    r"\bi (?:have )?(?:\w+ly )?(?:covered|answered|addressed|explained|mentioned) (?:everything|all|every|each)\b",
)
_PATTERNS = tuple(re.compile(p) for p in (*_ORDERS, *_DEMANDS, *_GRADERS_WORDS, *_AUTHORITY, *_PRAISES))


def about_grading(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of `text` that talk about the grading instead of the subject: to be dropped, and flagged.

    A span is the sentence around the remark; where no sentence end is near, some words around it.
    """
    row = tokens(text)
    line, starts = "", []
    for token in row:
        starts.append(len(line))
        line += token.text + " "
    spans: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(line):
            first = max(i for i, s in enumerate(starts) if s <= match.start())
            last = max(i for i, s in enumerate(starts) if s < match.end())
            spans.append(_sentence(text, row, first, last))
    return _merged(spans)


def _sentence(text: str, row: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    def ends(i: int) -> bool:
        return bool(_SENTENCE_END.search(text[row[i].end : row[i + 1].start]))

    begin = first
    while begin > 0 and first - begin < _REACH and not ends(begin - 1):
        begin -= 1
    end = last
    while end < len(row) - 1 and end - last < _REACH and not ends(end):
        end += 1
    return row[begin].start, row[end].end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
