"""Spoken replies that are not answers: "let me think", "could you repeat that", "skip", "I don't know".

A reply is a command only if *all* of it is made of such phrases and of words that say nothing ("um", "sorry",
"good question"). So "we retry, then skip the message" and "I'm not sure how they do it, but anycast announces one
prefix from many places" stay what they are: answers.
"""

from __future__ import annotations

import re

from hireflow_voice.interview.inputs import Wish

_LONGEST = 240
_MOST_WORDS = 30
"""Nobody needs more for a command; a longer reply is an answer."""

_SHORT_FORMS = (
    (r"\bdunno\b", "do not know"),
    (r"\bgimme\b", "give me"),
    (r"\blemme\b", "let me"),
    (r"\bwanna\b", "want to"),
    (r"\bgotta\b", "have to"),
    (r"\bcan'?t\b|\bcan not\b", "cannot"),
    (r"\bwon'?t\b", "will not"),
    (r"\b(do|did|have|would|could|is|was|does)n'?t\b", r"\1 not"),
    (r"\blet'?s\b", "let us"),
    (r"\bi'?m\b", "i am"),
    (r"\b(that|it|what|there|here)'?s\b", r"\1 is"),
    (r"\b(you|we|they)'re\b", r"\1 are"),
    (r"\b(i|you|we|they)'?ve\b", r"\1 have"),
    (r"\b(i|you|we|that|it)'ll\b", r"\1 will"),
    (r"\b(i|you|we|that|it)'d\b", r"\1 would"),
)
_EMPTY_WORDS = re.compile(
    r"\b(?:u+m+|u+h+|e+r+m?|h+m+|m+h*m+|a+h+|o+h+|please|just|really|actually|honestly|frankly|simply|maybe|perhaps|quickly)\b"
)
_FILLER = (
    r"so|well|okay|ok|right|alright|all right|yes|yeah|yep|no|nope|sure|of course|sorry|i am sorry|excuse me|thanks|"
    r"thank you(?: very much| so much)?|and|but|then|now|hey|hello|hi|you know|i mean|i guess|i think|i am afraid|"
    r"to be (?:fully )?honest|in all honesty|unfortunately|if (?:possible|you do not mind|i may|that is okay)|"
    r"(?:that is |it is )?(?:a |an )?(?:very )?(?:good|great|interesting|tough|hard|difficult|tricky)(?: one| question)|"
    r"(?:for|on|about) (?:this|that)(?: one)?|this one|that one|there|here|interviewer|good"
)

_A_BIT = r"(?:a|one|another|some|a few|a couple of)(?: (?:more|little|quick|short))?(?: (?:second|seconds|sec|moment|moments|minute|minutes|bit|time))?"
_IT = r"(?:it|that|this|the question|that question|this question|that one|this one|the last (?:one|question|part|bit))"
_CAN_I = r"(?:can i|could i|may i|might i|i would like to|i want to|i need to|i have to|let me|i will)"
_CAN_YOU = r"(?:(?:can|could|would|will) you|(?:would|do) you mind|i would like you to|(?:can|could) i ask you to)"
_CAN_WE = r"(?:(?:can|could|may|shall|should) (?:we|i|you)|let us|i would (?:like|prefer|rather)(?: to)?|i want to|we can|you can|i will|i am going to|i have to)"
_AGAIN = r"(?:again|once more|one more time|once again|another time|for me|a second time|more slowly|slowly)"
_CALL = r"(?:the|this|our) (?:call|interview|phone call|phone|session)"

_PHRASES: dict[Wish, tuple[str, ...]] = {
    # Sorted by strength: of several in one reply the first counts ("I don't know, can we skip it?" skips).
    Wish.HANG_UP: (
        rf"(?:(?:{_CAN_WE}|i need to|can you|could you|i would like you to) )?(?:end|stop|quit|finish|terminate|cancel) {_CALL}(?: here| now| right here| right now| today)?",
        rf"(?:(?:{_CAN_WE}|i need to|can you|could you) )?hang up(?: {_CALL})?(?: now)?",
        r"i (?:have|need) to (?:go|leave)(?: now)?",
    ),
    Wish.SKIP: (
        rf"(?:{_CAN_WE} )?(?:skip|pass on|skip over) {_IT}",
        rf"(?:{_CAN_WE} )?(?:skip|pass)",
        rf"(?:{_CAN_WE} )?(?:move|go|moving|going|continue|jump)(?: on)?(?: straight| over)? to (?:the )?(?:next|another|a different)(?: one| question| topic)?",
        rf"(?:{_CAN_WE} )?(?:move|go|moving) on(?: from (?:this|that|here))?",
        rf"(?:{_CAN_WE} )?(?:(?:have|try|take|do|hear) )?(?:the )?next (?:one|question|topic)",
        rf"(?:{_CAN_WE} )?(?:have|try|take|do) (?:another|a different) (?:one|question|topic)",
        r"next",
        r"i (?:would rather|would prefer to|prefer to|would like to) not (?:to )?(?:answer|say|talk about)(?: (?:that|this|it))?(?: (?:one|question))?",
        r"i (?:would prefer|prefer) not to (?:answer|say|talk about)(?: (?:that|this|it))?(?: (?:one|question))?",
        r"no comment",
    ),
    Wish.HINT: (
        rf"(?:{_CAN_I} )?(?:have|get|ask for|take|use|need|like) (?:a|one|some|another)(?: (?:small|little|tiny))? (?:hint|clue|pointer|help|tip)",
        r"(?:i (?:need|want|could use|would like|would love|would need)|is there|do you have|any chance (?:of|for)|how about|what about) (?:a|an|any|some)(?: (?:small|little|tiny))? (?:hint|hints|clue|pointer|help|tip)",
        rf"(?:{_CAN_YOU} )?(?:give|offer|drop|get) me (?:a|an|any|some|one)(?: (?:small|little|tiny))? (?:hint|clue|pointer|nudge|tip)",
        rf"(?:{_CAN_YOU} )?help me(?: out)?(?: a (?:bit|little))?(?: (?:here|with (?:this|that|it)))?",
        r"(?:a |any )?(?:small |little )?hints?",
    ),
    Wish.REPHRASE: (
        rf"(?:{_CAN_YOU} )?(?:rephrase|rephrasing|reword|rewording|reformulate|paraphrase)(?: {_IT})?(?: {_AGAIN})?",
        rf"(?:{_CAN_YOU} )?(?:clarify|explain)(?: (?:{_IT}|what you mean(?: by (?:that|this))?|what you are asking))?(?: (?:differently|another way|in other words))?",
        rf"(?:{_CAN_YOU} )?(?:put|say|ask|phrase|express)(?: {_IT})? (?:differently|(?:in )?another way|in (?:other|different|simpler) words|in a different way)",
        r"(?:in (?:other|different|simpler) words)",
        r"what do you mean(?: by (?:that|this|it))?(?: exactly)?",
        rf"i (?:do not|did not|am not sure i)(?: (?:fully|quite))? (?:understand|understood|follow)(?: (?:{_IT}|you|what you mean|what you are asking))?",
        r"i am not sure (?:i (?:understand|follow)|what you (?:mean|are asking|are asking for|are after|want))(?: (?:the question|exactly))?",
        rf"i do not get (?:{_IT}|what you mean)",
    ),
    Wish.REPEAT: (
        rf"(?:{_CAN_YOU} )?(?:repeat|repeating)(?: {_IT}| yourself)?(?: {_AGAIN})*",
        rf"(?:{_CAN_YOU} )?(?:say|saying|ask|asking|read|tell me)(?: {_IT})?(?: {_AGAIN})+",
        r"(?:what|how) (?:was|is) (?:that|the question|your question|this)(?: again)?",
        r"what did you (?:say|ask)(?: again)?",
        rf"i (?:did not|could not|cannot)(?: (?:quite|fully))? (?:hear|catch|get|understand)(?: (?:{_IT}|you|what you said|all of (?:that|it)))?(?: (?:well|properly|there))?",
        rf"i missed (?:{_IT}|what you said|some of (?:it|that))",
        r"(?:you|the line|it|that)(?: (?:were|was|are|is))? (?:broke|breaking|cut|cutting|dropped)(?: (?:up|out|off))?",
        r"(?:i beg your )?pardon(?: me)?",
        r"come again",
        r"(?:the question )?(?:again|once more|one more time)",
        r"repeat",
    ),
    Wish.THINK: (
        rf"(?:{_CAN_I} )?think(?: (?:about|through|over))?(?: (?:it|that|this|that one|this one|this through|that through|it through))?(?: (?:for )?{_A_BIT})?(?: first)?",
        rf"(?:{_CAN_I} )?(?:give me|have|get|take|need|i need|i will need|i would need|i will take|grant me) {_A_BIT}(?: to (?:think|gather my thoughts|collect my thoughts|consider)(?: (?:about|through|it|that|this|about it|about that|about this|it through|that through|this through))?)?",
        rf"(?:{_CAN_YOU} )?(?:give|allow) me {_A_BIT}(?: to (?:think|gather my thoughts|collect my thoughts|consider)(?: (?:about it|about that|about this|it|that|this|it through|that through|this through))?)?",
        r"(?:hold on|hang on|wait|bear with me|one|just|a)(?: (?:a|one|for a))?(?: (?:second|sec|moment|minute|bit|little))?",
        r"(?:let us|let me) see",
        r"i am (?:still )?thinking(?: about (?:it|that|this))?",
        r"(?:still )?thinking",
        rf"{_CAN_I} (?:gather|collect) my thoughts",
    ),
    Wish.DONT_KNOW: (
        r"i(?: (?:do|would))? not know(?: (?:it|that|this|that one|this one|anything about (?:it|that|this)|much about (?:it|that|this)|the answer|how to answer(?: (?:it|that|this))?|how to do (?:it|that|this)|what to say|about (?:it|that|this)))?(?: (?:to (?:it|that|this)(?: (?:one|question))?|at all|either|yet|off the top of my head|for sure|right now|at the moment|anymore))*",
        r"do not know",
        r"(?:i have )?(?:absolutely )?(?:no|not the slightest|not the faintest) (?:idea|clue)(?: (?:about (?:it|that|this)|at all))*",
        r"i do not have (?:an answer|a clue|any idea|the answer|a good answer)(?: (?:to|for) (?:it|that|this)(?: (?:one|question))?)?",
        r"(?:i am )?not(?: (?:so|too|entirely|quite))? sure(?: (?:about (?:it|that|this|that one|this one)|at all|how to answer(?: (?:it|that|this))?|what to say|either))*",
        r"i cannot(?: (?:answer|say|tell(?: you)?|think of (?:it|anything)|remember|recall))(?: (?:it|that|this|that one|this one|the answer|anything))?(?: (?:right now|at the moment|at all|either))?",
        r"i do not (?:remember|recall)(?: (?:it|that|this|the answer|anything))?(?: (?:right now|at the moment|at all|anymore))?",
        r"i (?:have )?(?:never|not) (?:heard of|worked with|used|done|seen|learned|come across)(?: (?:it|that|this))?(?: before)?",
        r"i am (?:not familiar with (?:it|that|this)|stuck|lost|completely stuck|completely lost|drawing a blank)",
        r"(?:that is|it is) (?:beyond|new to|outside of?) me",
        r"(?:you got me|beats me|my mind (?:is|went) blank)",
    ),
    Wish.DONE: (
        r"(?:that is|that would be|this is|that was|it is)(?: (?:about|basically|pretty much))? (?:it|all|my answer|everything|all i have|all i know|all i can say|all i can think of|all i have to say|all i have got|how i would do it|how i would approach it|what i would do|what i think|my final answer|the end)(?: (?:from (?:me|my side)|for (?:me|now|that|this)|i have|i know|about (?:it|that|this)|on (?:it|that|this)))*",
        r"i am (?:done|finished|through)(?: (?:with (?:it|that|this|my answer)|now|here))*",
        r"(?:done|finished|end of answer|my answer is complete)",
        r"i will (?:stop|leave it|end)(?: (?:there|here|it there|at that))?",
        r"(?:i have )?(?:nothing|not anything)(?: (?:else|more|further))?(?: to (?:add|say))?",
        r"i do not have anything(?: (?:else|more|further))(?: to (?:add|say))?",
    ),
}

_DECLINES = (
    r"(?:no|nope|nah|none|nothing|not really|not right now|not at the moment|not for now|not today|i am (?:good|fine|okay|all set)|"
    r"all (?:good|set|clear)|we are good|no (?:more |other |further )?questions?(?: (?:from (?:me|my side)|for (?:you|now)|right now|at the moment))*|"
    r"(?:i have )?(?:nothing|no more|none)(?: (?:else|more|further))?(?: (?:from (?:me|my side)|for (?:me|now)|to ask|right now))*|"
    r"i do not (?:have (?:any|anything|a question|questions)|think so)(?: (?:more|else|other|further|questions?|to ask|at the moment|right now|for you|for now))*|"
    r"i think (?:we|you) (?:have )?covered (?:it|it all|everything|all of (?:it|them))|(?:we|you) (?:have )?(?:covered|answered) (?:it|it all|everything|all of (?:it|them)|all my questions)|"
    r"(?:that is|that was|this is|it is|that would be)(?: (?:about|pretty much|really))? (?:it|all|everything|all i (?:have|wanted to (?:ask|know)))(?: (?:from (?:me|my side)|for (?:me|now|today)))*|"
    r"(?:that is|that was|this was)(?: (?:very|really|super))? (?:helpful|useful|clear|good to know|great|interesting|kind)|"
    r"i (?:appreciate|enjoyed) (?:it|that|this|your time|the (?:call|talk|conversation))|(?:good)?bye(?: bye)?|have a (?:good|nice|great) (?:day|one|evening|weekend))"
)
_OPENS = r"(?:yes|yeah|yep|sure|i do|i have|i have (?:one|a|two|a few|some|several)(?: (?:more|other|quick))?(?: questions?)?|there is one|one (?:more|last|thing|question|more question))"


def _whole(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{phrases}|{_FILLER})(?: |$))+")


_ANY_COMMAND = _whole("|".join(p for phrases in _PHRASES.values() for p in phrases))
_EACH = {wish: re.compile(rf"(?:^| )(?:{'|'.join(phrases)})(?= |$)") for wish, phrases in _PHRASES.items()}
_ANY_DECLINE, _DECLINE = _whole(_DECLINES), re.compile(rf"(?:^| ){_DECLINES}(?= |$)")
_ANY_OPENING, _OPENING = _whole(_OPENS), re.compile(rf"(?:^| ){_OPENS}(?= |$)")
_JUST_WHAT = re.compile(r"(?:sorry|what|sorry what|what sorry|huh|excuse me|what was that sorry)")
_ASKS_BACK = re.compile(
    r"(?:\w+ ){0,3}?(?:should i|can i assume|may i assume|could i assume|do i (?:need|have)|am i (?:allowed|free)|do you (?:mean|want|expect)|"
    r"are (?:we|you) (?:talking|looking|asking|assuming|thinking)|how (?:many|much|large|big) |what (?:scale|kind of|sort of|size) |"
    r"are there any|is there (?:a|any) (?:limit|constraint|requirement))"
)


def read(text: str) -> Wish | None:
    """What a short reply asks for; None when it is (or contains) an answer."""
    said = _plain(text)
    if not said:
        return None
    if _JUST_WHAT.fullmatch(said):
        return Wish.REPEAT
    if not _ANY_COMMAND.fullmatch(said):
        return None
    for wish, phrase in _EACH.items():
        if phrase.search(said):
            return wish
    return None


def declines(text: str) -> bool:
    """Whether a reply to "what would you like to ask?" says that there is nothing (more) to ask."""
    said = _plain(text)
    return bool(said and _ANY_DECLINE.fullmatch(said) and _DECLINE.search(said))


def only_agrees(text: str) -> bool:
    """Whether a reply says that there is a question without asking it ("Yes, one more.")."""
    said = _plain(text)
    return bool(said and _ANY_OPENING.fullmatch(said) and _OPENING.search(said))


def asks_back(text: str) -> bool:
    """Whether a reply is a short question about the question ("How many requests per second?")."""
    said = _plain(text)
    return bool(said) and text.rstrip().endswith("?") and _ASKS_BACK.match(said) is not None


def _plain(text: str) -> str:
    """Lower case, short forms written out, no punctuation, no empty words; empty when too long for a command."""
    if len(text) > _LONGEST:
        return ""
    said = text.lower().replace("’", "'").replace("‘", "'")
    said = re.sub(r"[^\w']+", " ", said).strip()
    for short, full in _SHORT_FORMS:
        said = re.sub(short, full, said)
    said = " ".join(_EMPTY_WORDS.sub(" ", said.replace("'", " ")).split())
    return said if len(said.split()) <= _MOST_WORDS else ""
