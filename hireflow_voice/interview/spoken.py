"""The phrases of spoken commands, as data.

Notation, one phrase a line (a line further in goes on with the one above): `[x]` may be left out, `[x]*` may come any
number of times, `(x|y)` is a choice and `<name>` one of the phrases in `SLOTS`. Words stand in lower case without
punctuation, short forms written out ("do not", "i am", "let us"); words that say nothing ("um", "please", "just") are
gone before a phrase is compared.
"""

from __future__ import annotations

from hireflow_voice.interview.inputs import Wish

SLOTS: dict[str, str] = {
    "it": """
        (it|this|that|these|those)
        [the answer to] (this|that|the|your) [last|next] (one|question|part|bit)
    """,
    "i can": """
        (can|could|may|might) i
        i (will|need to|want to|have to|am going to)
        i would (like|love|prefer) to
        let (me|us)
    """,
    "you can": """
        (can|could|would|will) you [mind]
        (do|would) you mind
        i would (like|ask) you to
        (can|could) i ask you to
        i need you to
    """,
    "we can": """
        (can|could|may|shall|should|might) (we|i|you)
        (we|you) (can|could|should)
        how about we
        let us
        i (will|want to|need to|have to|am going to|would rather|suggest we)
        i would (like|prefer) to
    """,
    "again": """
        [for me] (again|once more|once again|one more time|another time|a second time) [for me]
        [again|once more] [a bit|a little] [more] (slowly|slower)
        for me
    """,
    "a bit": """
        (a|one|another|some|few|a few|couple of|a couple of|couple|a couple) [more|little|quick|short]*
            (second|seconds|sec|secs|moment|moments|minute|minutes|bit|time|thinking time)
        a little
        more time
    """,
    "to think": """
        to (think|consider|reflect|gather my thoughts|collect my thoughts|organize my thoughts)
            [about <it>|it through|this through|that through|it over|that over|<it>]
        for <it>
        here
    """,
    "small": "(small|little|tiny|quick|bit of a)",
    "differently": """
        (differently|[in] another way|in a different way|in (other|different|simpler|simple) words|more simply)
    """,
    "still": """
        (at all|either|yet|off the top of my head|for sure|right now|at the moment|anymore|any more|offhand)
    """,
    "from me": """
        (from (me|my side|my end)|for (me|now|that|this|it|today)|i (have|know)|(about|on|to) <it>)
    """,
    "the call": "(the|this|our) (call|interview|phone call|phone interview|phone|session|conversation)",
    "now": "(now|here|right now|right here|today|at this point|at the moment|for now|then)",
}

COMMANDS: dict[Wish, str] = {
    # By strength: of several in one reply the first counts ("I don't know, can we skip it?" skips).
    Wish.HANG_UP: """
        [<we can>|<you can>|i need to] (end|stop|quit|finish|terminate|cancel|abort) (<the call>|call|interview) [<now>]
        let us call it a day
        i (want|would like|need|have) to quit
        [<we can>|<you can>|i need to] hang up [the phone|<the call>] [<now>]
        i (have|need) to (go|leave) [<now>]
    """,
    Wish.SKIP: """
        [<we can>] (skip|skip over|pass on) <it> [<now>]
        let us leave <it> [<now>]
        [<we can>] (skip|pass) [<now>]
        [<we can>] (move|go|continue|jump|proceed) [on|straight|over]* to (the next|another|a different|a new)
            [one|question|topic]
        [<we can>] (move|go) on [from <it>|from here|with the next (one|question)] [<now>]
        [<we can>] [have|try|take|do|hear|get] (the next|another|a different) (one|question|topic)
        next [one|question|topic]
        [<we can>] (continue|proceed) [with the next (one|question)] [<now>]
        [<you can>] (ask|give) me (something else|another (one|question)|a different (one|question))
        [<we can>] (talk about|do|try) something else
        [<we can>] come back to <it> [later|at the end|afterwards|another time]
        i would (rather|prefer|like) [to] not [to] (answer|say|talk about|get into|discuss) [<it>]
        i (would prefer|prefer) not to (answer|say|talk about|get into|discuss) [<it>]
        i do not want to (answer|talk about|discuss) [<it>]
        no comment
    """,
    Wish.RETRY: """
        <i can> (try|do|answer) [<it>|that question|the question] (again|over|once more|one more time)
        <i can> (redo|retry|restart) (<it>|my answer|that answer|the answer)
        <i can> (repeat|rephrase|correct|restart|improve) (my answer|that answer)
        <i can> (start|begin) (over|again|from scratch|from the beginning|from the top)
        <i can> (have|get|take) (another|a second|one more) (try|go|attempt|shot|chance)
        <i can> give <it> (another|a second|one more) (try|go|attempt|shot)
    """,
    Wish.HINT: """
        [<i can>] (have|get|ask for|take|use|need|ask you for) (a|one|some|another) [<small>]
            (hint|clue|pointer|help|tip)
        i (need|want|could use|would like|would need|would love|would appreciate) (a|one|some|any) [<small>]
            (hint|clue|pointer|help|tip)
        (is there|are there|do you have|have you got|any chance of|how about|what about) (a|any|some) [<small>]
            (hint|hints|clue|clues|pointer|pointers|help|tip|tips)
        [<you can>] (give|offer|drop|giving) me (a|any|some|one|another) [<small>] (hint|clue|pointer|nudge|tip|help)
        [<you can>] help me [out] [a bit|a little] [here|with <it>]
        [<you can>] (point|nudge|steer) me in the right direction
        [a|any|one] [<small>] (hint|hints) [would be (nice|good|great|helpful)]
    """,
    Wish.REPHRASE: """
        [<you can>] (rephrase|rephrasing|reword|rewording|reformulate|paraphrase|simplify) [<it>] [<again>]
        [<you can>] (clarify|clarifying|explain) [<it>|what you mean [by <it>]|what you are asking [for]]
            [<differently>]
        [<you can>] (put|say|ask|phrase|explain|express) [<it>] <differently>
        in (other|different|simpler) words
        what [exactly] do you mean [by <it>|with <it>] [exactly]
        (can|could) you be [a bit] (more specific|clearer)
        what (exactly) are you asking [for|me]
        i (do not [fully|quite] (understand|get|follow)|did not [fully|quite] (understand|follow))
            (<it>|you|what you mean|what you are asking [for])
        i do not [fully|quite] (understand|follow)
        i do not [fully|quite] get what you (mean|are asking [for])
        [<you can>] (say|put|ask) <it> in [more] (simple|simpler|plain|other) (terms|words)
        [<you can>] elaborate [on <it>]
        [<you can>] give me [a bit] (more context|some context|an example of what you mean)
        i am (confused|a bit confused|not clear) [by <it>|about <it>|on <it>]
        i am not sure i [fully|quite] (understand|understood|follow|get) [<it>|you|what you mean]
        i am not sure what you (mean|are asking [for]|are after|want) [exactly|here]
    """,
    Wish.REPEAT: """
        [<you can>] (repeat|repeating) [<it>|yourself|what you said] [<again>]*
        [<you can>] (say|saying|ask|asking|read|tell me) [<it>] <again>
        what (was|is) (<it>|that question|your question) [again]
        what did you (say|ask) [again]
        i (did not|could not|can not) [quite|fully]* (hear|catch|get) [<it>|you|what you said|all of <it>]
        i (did not|could not) [quite|fully]* understand (you|what you said)
        i missed (<it>|what you said|some of <it>|part of <it>)
        [<you can>] (repeat|say) (the (last|first|second) part|the (beginning|end)) [of <it>] [<again>]
        (can|could|may) i hear <it> <again>
        [<you can>] go (over|through) <it> <again>
        i lost you [there] [for <a bit>]
        i forgot <it>
        (you|the line|it|<it>) [were|was|are|is] (broke|breaking|cut|cutting|dropped) [up|out|off]
        [i beg your] pardon [me]
        come again
        [the question] (again|once more|one more time)
        [i am] sorry what [was <it>]
    """,
    Wish.THINK: """
        <i can> (think|reflect) [about <it>|on <it>|<it> through|through <it>|it over] [for <a bit>|<a bit>] [first]
        <i can> (have a think|think [about] how to (answer|put|say|approach) <it>)
        [<i can>] (have|get|take|need) <a bit> [<to think>]
        i (need|will need|would need|will take|could use|would like|want) <a bit> [<to think>]
        [<you can>] (give|allow|grant|giving) me <a bit> [<to think>]
        (hold on|hang on|wait|bear with me) [for] [<a bit>]
        <a bit>
        let (me|us) see
        i am [still] thinking [about <it>]
        [still] thinking
        [<i can>] (gather|collect|organize) my thoughts [for <a bit>]
        i need to think [about <it>] [for <a bit>]
    """,
    Wish.DONT_KNOW: """
        i (do not|would not|am afraid i do not) know [<it>|the answer|how to answer [<it>]|how to do <it>|what to say
            |[anything|much|enough|a lot] about <it>|how <it> works] [to <it>|<still>]*
        do not know [<it>|the answer]
        i do not think i (know|remember) [<it>|the answer] [to <it>]
        can not (say|tell)
        [i have] [absolutely] (no|not a|not the slightest|not the faintest) (idea|clue)
            [about <it>|how <it> works|<still>]*
        i do not have (an answer|any answer|a clue|any idea|the answer|a good answer) [to <it>|for <it>|<still>]*
        [i am] not [so|too|entirely|quite|very|completely]* sure
            [about <it>|of <it>|of the answer|how to answer [<it>]|how <it> works|what to say|<still>]*
        i can not (answer|say|tell|think of|remember|recall|come up with) [you] [<it>|the answer|anything] [<still>]*
        i do not (remember|recall) [<it>|the answer|anything] [<still>]*
        i have (never|not) (heard of|worked with|used|done|seen|learned|come across) <it> [before] [<still>]*
        i (never|have never) (heard of|worked with|used|did|saw|learned) <it> [before]
        i am (not familiar with <it>|stuck|lost|completely stuck|completely lost|drawing a blank|blanking)
        (that|this|it) is (beyond|new to|outside of) me
        i give up [on <it>]
        you (got|have|have got) me there
        (beats me|my mind (is|went) blank)
    """,
    Wish.DONE: """
        (that|this|it) (is|was|would be|will be) [about|basically|pretty much|more or less] (it|all|everything|the end)
            [<from me>]*
        (that|this|it) (is|was|would be|will be) (my [final] answer|how i would (do|approach|solve|handle) <it>
            |what i would do|what i think|all i (have|know|can say|can think of|have to say|have got|remember))
            [<from me>]*
        i am (done|finished|through|good|all done) [with <it>|with my answer|<now>]*
        i think (this|that) covers it
        (done|finished|end of answer|my answer is complete|that completes my answer)
        i will (stop|leave it|end|end it|leave it at) [there|here|that|at that]
        <we can> (stop|end it|leave it) (here|there)
        (that|this) (concludes|completes|covers) [all of] my answer
        end of [my|the] answer
        there is nothing (else|more|further) to (add|say)
        [i have] nothing (else|more|further) [to (add|say)] [<from me>]*
        [i have] nothing to add [<from me>]*
        i do not have anything (else|more|further) [to (add|say)] [<from me>]*
    """,
}

CLOSERS = """
    (that|this) (is|would be|was) [about|basically|pretty much|more or less] (it|all) [<from me>]*
    (that|this) (is|would be|was) (my [final|whole] answer|my take [on <it>]|what i would do
        |how i would (do|approach|solve|handle|build|design|tackle) <it>
        |(all|everything) i (have|know|can say|can think of|have to say|have got|remember)) [<from me>]*
    that (concludes|completes) my answer
    i am done [with my answer|<now>]*
    i will (stop|leave it|end) (there|here|at that)
    [i have] nothing (else|more|further) to (add|say)
    i do not have anything (else|more|further) to (add|say)
    i think (that covers it|i am done|i covered (it|everything))
"""
"""Phrases with which people close an answer, and which are hardly ever a part of one."""

PAUSES = """
    let me think [about <it>|<it> through|through <it>|it over] [for <a bit>]
    (give|allow) me (a|one|another) [quick|short]* (second|sec|moment|minute) [<to think>]
    i need (a|one|another) [quick|short]* (second|moment|minute) <to think>
    (hold on|hang on|bear with me) [for] (a|one) (second|sec|moment|minute)
    let me gather my thoughts
"""
"""Phrases with which people ask for time in the middle of an answer."""

DECLINES = """
    (no|nope|nah|none|nothing|not really|not for now|not today|not right now|not at the moment|thanks|thank you)
    i am (good|fine|okay|ok|all set|all good|done)
    (all (good|set|clear)|we are good|it is fine)
    no [more|other|further]* questions [<from me>|<still>|for you|to ask]*
    [i have|i have got] (nothing|none|no more) [else|more|further] [<from me>|<still>|to ask|for you|on my mind]*
    i do not (have [any] [more|other|further]* (questions|question|any|anything|one)|have a question|think so)
        [else|more|further|to ask|for you|<from me>|<still>]*
    i think (we|you) [have] (covered|answered) (it|it all|everything|all of <it>|all my questions)
    (we|you) [have] [already] (covered|answered) (it|it all|everything|all of <it>|all my questions|all of my questions)
    (that|this|it) (is|was|would be) [about|pretty much]* (it|all|everything|enough) [<from me>]*
    (that|this|it) (is|was|would be) [about|pretty much]* all i (have|had|wanted to (ask|know)) [<from me>]*
    (that|this|it) (is|was) [very|really|super|so]* (helpful|useful|clear|good to know|great|interesting|kind|nice)
    i (appreciate|enjoyed) (it|that|this|your time|the (call|talk|conversation|interview))
    (goodbye|bye|bye bye|see you)
    have a (good|nice|great|lovely) (day|one|evening|weekend|afternoon)
    it was (nice|good|great) (talking|speaking) (to|with) you
"""

AGREES = """
    (yes|yeah|yep|yup|sure|i do|there is [one]|okay|ok|alright|all right|i see)
    i (have|have got) (one|a|two|three|a few|some|several|a couple) [of] [more|other|quick]* [question|questions|things]
    one (more|last|thing|question|more question|more thing|last question|quick question)
"""

AGAIN = """
    (yes|yeah|yep|yup|sure|i do|i would)
    [try] [<it>] (again|once more|once again|one more time)
    [i will] (try|retry) [<it>] [again]
    (another|a second|second|one more) (try|go|attempt|take|chance|shot)
    from the (top|beginning|start)
"""
"""Yes to another try."""

FILLERS = """
    (so|well|okay|ok|right|alright|all right|yes|yeah|yep|no|sure|of course|sorry|i am sorry|excuse me|thanks)
    thank you [very much|so much|for <it>|for the (call|interview|answer|question)|for your (time|answer)]
    (and|but|then|now|hey|hello|hi|you know|i mean|i guess|i think|i am afraid|to be [fully|very] honest|in all honesty)
    (unfortunately|at this point|right now|at the moment|for now|first|too|again|though|here|there|interviewer)
    if (possible|you do not mind|i may|that is (okay|ok|possible|fine|all right)|you can|you could)
    [that is|it is|this is] [a|an] [very]* (good|great|interesting|tough|hard|difficult|tricky|fair) [one|question]
    (for|on|about|to|with) (<it>|me|you)
    (this|that) one
"""

ASKS_BACK = """
    (should|can|may|could|shall) i (assume|take it|consider|treat|expect)
    (should|do|must) (i|we) (need|have|worry|care|support|handle|consider|design)
    am i (allowed|free|supposed)
    do you (mean|want|expect|care)
    are (we|you) (talking|looking|asking|assuming|thinking|interested)
    how (many|much|large|big|often)
    what (scale|kind of|sort of|size|is the (scale|expected|size|load|traffic|budget))
    (are|is) there (any|a) (limit|limits|constraint|constraints|requirement|requirements|budget|deadline)
"""
