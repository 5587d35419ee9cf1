"""Short replies that are wishes, and answers that only sound like one."""

from __future__ import annotations

import pytest

from hireflow_voice.interview import commands
from hireflow_voice.interview.inputs import Wish

WISHES = {
    Wish.THINK: """
        Let me think.
        Let me think about that for a second.
        Hmm, let me think about it.
        Good question. Let me think about it for a moment.
        Okay, um, give me a second.
        Give me a minute to think about that.
        One moment, please.
        Just a second.
        Could you give me a couple of seconds?
        Can I have a minute to think?
        May I take a moment to gather my thoughts?
        I need a bit more time.
        I need to think about this for a moment.
        Hold on a second.
        Hang on.
        Bear with me.
        Let's see.
        I'm still thinking.
        I don't know right now, let me think.
    """,
    Wish.REPEAT: """
        Could you repeat that?
        Could you repeat that, please?
        Can you repeat the question?
        Sorry, would you mind repeating the question for me?
        Repeat the question, please.
        Please say that again.
        Could you say that one more time?
        Sorry, what was the question?
        What was that again?
        What did you say?
        Pardon?
        I beg your pardon?
        Sorry?
        What?
        Come again?
        Sorry, I didn't catch that.
        I'm sorry, I couldn't hear you.
        I didn’t quite get the last part.
        You broke up there.
        I missed the last part, could you repeat it?
        Again, please.
        Could you ask the question again, more slowly?
    """,
    Wish.REPHRASE: """
        Could you rephrase that?
        Can you rephrase the question, please?
        Could you put that another way?
        Can you say that in other words?
        Could you explain the question?
        Can you clarify what you mean?
        What do you mean?
        What do you mean by that exactly?
        I don't understand the question.
        Sorry, I don't quite understand.
        I'm not sure I understand the question.
        I'm not sure what you're asking.
        I don't get the question. Could you rephrase it?
    """,
    Wish.HINT: """
        Can I have a hint?
        Could I get a small hint, please?
        Can you give me a hint?
        Give me a hint.
        A hint, please.
        Any hints?
        Hint?
        I could use a hint.
        I'd like a hint.
        Do you have a hint for me?
        Could you help me out here?
        Um, I'm stuck. Can you give me a pointer?
        I don't know. Could you give me a hint?
    """,
    Wish.DONT_KNOW: """
        I don't know.
        I don’t know.
        I do not know.
        I really don't know, sorry.
        Sorry, I don't know that one.
        I don't know the answer to that.
        Honestly, I don't know how that works.
        I don't know how to answer that question.
        I wouldn't know.
        Dunno.
        No idea.
        I have no idea.
        I have absolutely no idea, to be honest.
        No clue.
        I'm not sure.
        Not sure about that one.
        I'm not really sure about that.
        I can't remember.
        I can't answer that.
        I can't think of anything.
        I don't remember that off the top of my head.
        I've never heard of it.
        I have never worked with that before.
        I'm not familiar with that.
        I'm stuck.
        My mind went blank.
        You've got me there.
    """,
    Wish.SKIP: """
        Skip.
        Skip this question, please.
        Can we skip this one?
        Let's skip that.
        I'd like to skip this question, if that's okay.
        Next.
        Next question.
        Next question, please.
        Could we move on?
        Let's move on to the next question.
        Can we go to the next one?
        Pass.
        I'll pass on that one.
        I'd rather not answer that.
        I would prefer not to say.
        No comment.
        I don't know. Let's move on.
        Sorry, I have no idea, can we skip it?
    """,
    Wish.DONE: """
        That's my answer.
        That's it.
        That's all.
        Okay, that's it.
        I think that's it.
        That's all I have.
        That's all from my side.
        That would be my answer.
        That's all I can think of.
        That's how I would do it.
        I'm done.
        Yeah, I'm finished.
        Done.
        I'll stop there.
        Nothing else to add.
        I have nothing more to add.
    """,
    Wish.HANG_UP: """
        Hang up.
        Please hang up.
        Hang up the phone.
        Stop the call.
        Please end the call now.
        I want to end the interview.
        Can we stop the interview here?
        Let's end the call.
        Sorry, I have to go.
        I need to hang up now.
    """,
}
POSITIVE = [(wish, text.strip()) for wish, texts in WISHES.items() for text in texts.strip().splitlines()]

ANSWERS = """
    We retry, then skip the message.
    I'm not sure how they do it, but anycast announces one prefix from many places.
    I don't know the exact number, but it is around a thousand requests per second.
    I don't know, maybe a token bucket.
    Not sure, but I'd say Redis.
    If the consumer can't parse it we skip it and go to the next message.
    The next question is where the counter lives.
    First I would ask what the limit is, and then think about storage.
    Let me think out loud: every server keeps a counter.
    Let me think. A token bucket per client would work.
    Give me a second server and I can shard it.
    One moment it is up and the next moment it is down.
    The client should hold on to the connection.
    The load balancer stops the call when the backend is slow.
    We end the call to the upstream after two seconds.
    The proxy hangs up on the client.
    You hang up the connection when the buffer is full.
    Repeat until the queue is empty.
    We repeat the request with exponential backoff.
    The worker repeats that once more and then gives up.
    The browser asks again after the time to live.
    Could you repeat a write? Only if it is idempotent.
    A hint in the query makes the planner use the index.
    We pass the token in a header.
    Pass it by reference.
    That's it, basically we cache at the edge and purge by tag.
    That's all stored in Postgres.
    The job is done when the offset is committed.
    I'm done with the first part, now the second: eventual consistency.
    Nothing else is shared between the workers.
    I have no idea why, but it helped to add an index.
    In other words, availability over consistency.
    What do you mean by consistency here: linearizable?
    I would explain it as a trade-off between latency and cost.
    I can't remember the name, but there is a header for it, Retry-After.
    Skip lists.
    Pass by value.
    No, it does not.
    Yes.
    It depends.
    Idempotency keys.
    I wouldn't skip it.
    I don't want to skip this question.
    I'd move on to sharding next.
    Another one is the sliding window.
    The last one wins.
    Again, the counter has to be shared.
    A minute is too long for a window.
    Stop the call chain with a circuit breaker.
    We stop.
    Good question.
    Thank you.
    Okay.
    I know that.
    We never used that in production, we used Kafka.
    Sure, it is a log.
    I have to go through the proxy.
    It would be the end of the interview between client and server, I guess a handshake.
    I do not know of a better way than a lease.
    You.
"""
NEGATIVE = [text.strip() for text in ANSWERS.strip().splitlines()]


def test_the_corpora_are_large_enough_to_mean_something():
    assert len(POSITIVE) >= 100
    assert len(NEGATIVE) >= 50
    assert len(set(POSITIVE)) == len(POSITIVE)


@pytest.mark.parametrize(("wish", "text"), POSITIVE, ids=[text for _, text in POSITIVE])
def test_a_short_reply_is_understood(wish, text):
    assert commands.read(text) is wish
    assert commands.read(text.upper()) is wish
    assert commands.read(text.rstrip(".?")) is wish


@pytest.mark.parametrize("text", NEGATIVE)
def test_an_answer_stays_an_answer(text):
    assert commands.read(text) is None


@pytest.mark.parametrize(("wish", "text"), POSITIVE[::5])
def test_the_same_words_inside_an_answer_are_no_command(wish, text):
    assert commands.read(f"{text} The limiter keeps a counter per client in memory.") is None
    assert commands.read(f"The limiter keeps a counter per client. {text}") is None


@pytest.mark.parametrize("text", ["", " ", "...", "?", "\x00", "um", "Hmm.", "' ' '", "so " * 200, "x" * 100_000])
def test_what_is_no_speech_is_no_command(text):
    assert commands.read(text) is None
    assert not commands.declines(text)
    assert not commands.only_agrees(text)
    assert not commands.asks_back(text)


@pytest.mark.parametrize(
    "text",
    """
    No.
    No, thank you.
    Nope, I'm good.
    No, that's all.
    That's all from me, thanks.
    I think you covered everything.
    I don't have any questions.
    No more questions from my side.
    Nothing else, thank you very much.
    Not at the moment.
    That was very helpful, thank you.
    Okay, thank you for your time. Bye.
    """.strip().splitlines(),
)
def test_declining_to_ask_is_understood(text):
    assert commands.declines(text)


@pytest.mark.parametrize(
    "text",
    """
    No, but how is the on-call organised?
    What is the team like?
    Thank you. How big is the team?
    Is that all remote?
    Do you have any questions about my work?
    Not at the moment, but what comes next in the process?
    Bye the way, who would I report to?
    """.strip().splitlines(),
)
def test_a_question_is_not_taken_for_declining(text):
    assert not commands.declines(text)
    assert not commands.only_agrees(text)


@pytest.mark.parametrize(
    "text", ["Yes.", "Yes, please.", "Sure, one question.", "Yeah, I have a few questions.", "I do."]
)
def test_announcing_a_question_is_not_asking_it(text):
    assert commands.only_agrees(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How many requests per second?", True),
        ("So, should I assume a single data center?", True),
        ("Are we talking about writes or reads?", True),
        ("What scale are we looking at?", True),
        ("Do you mean the client or the server?", True),
        ("Redis, maybe?", False),
        ("Is it something like a token bucket?", False),
        ("How many requests a client may send is kept in a counter.", False),
        ("A counter per client. How many? One per second." + " And more." * 40 + "?", False),
    ],
)
def test_a_question_about_the_question_is_told_from_a_guess(text, asks):
    assert commands.asks_back(text) is asks


def test_no_reply_takes_long_to_read():
    # Nested choices could need exponential time on a reply that almost fits; these almost fit in many ways.
    pieces = ["for it", "about it", "to it", "that is it", "not sure", "at all", "right now", "thank you", "a bit", "i"]
    for piece in pieces:
        for other in pieces:
            text = f"{piece} {other} " * 5
            commands.read(f"{text} x")
            commands.declines(f"{text} x")
