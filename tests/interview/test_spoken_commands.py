"""Short replies that are wishes, and answers that only sound like one."""

from __future__ import annotations

import re

import pytest

from hireflow_voice.interview import commands
from hireflow_voice.interview.inputs import Wish

WISHES = {
    Wish.THINK: """
        Let me think for a second.
        Let me think this through.
        Give me one second.
        Give me a sec.
        Just give me a moment to think.
        Can you give me a minute?
        Could I have a second to think about this?
        I'd like a moment to think.
        I need a second.
        I need a little time to think.
        Let me gather my thoughts.
        Let me collect my thoughts for a second.
        Bear with me for a moment.
        Hold on.
        Hang on a second, let me think.
        Wait, let me think.
        Thinking.
        Still thinking, one moment.
        Hmm, that's a good one, let me think.
        Let me just think about how to answer that.
        Let me think how to put this.
        I have to think about that.
        I'm thinking.
        Sorry, give me just a second here.
        Can I think about that for a minute?
        May I have a moment please?
        Ok so let me think about this one.
        Let me take a moment.
        Let me have a think.
        Let me reflect on that for a moment.
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
        Can you say that again?
        Could you please repeat the question?
        Could you repeat the last part of the question?
        Repeat that.
        Please repeat.
        One more time, please.
        Say again?
        Say that again please.
        Can you ask that again?
        Could you read the question again?
        I didn't hear that.
        I did not hear the question.
        I couldn't hear that, could you repeat?
        What was the question again?
        What's the question?
        Sorry, I missed that.
        Sorry, you cut out there.
        The line broke up, can you repeat that?
        Would you repeat the question for me please?
        Come again please?
        Can I hear the question again?
        Can you go over the question again?
        I lost you there for a second.
        I forgot the question.
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
        Can you ask it in a different way?
        Could you ask that differently?
        Can you put it differently?
        Could you say it in simpler terms?
        Could you elaborate on the question?
        Can you be more specific?
        What exactly do you mean by that?
        I'm not sure I follow.
        I don't follow.
        Sorry, I don't understand what you mean.
        I don't quite get what you're asking.
        Can you explain what you mean?
        Could you rephrase it for me?
        Rephrase that, please.
        Can you give me more context?
        I'm confused by the question.
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
        Can you give me a little hint?
        Could I have a clue?
        I'd appreciate a hint.
        Maybe a small hint?
        Is there a hint?
        Could you point me in the right direction?
        Can you help me with this?
        I need some help.
        I need a hint here.
        Give me a clue, please.
        Can I get some help?
        Could you nudge me in the right direction?
        Help me out.
        Do you have any tips?
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
        I don't know, sorry.
        I honestly don't know.
        I'm afraid I don't know.
        I'm afraid I don't know the answer.
        I don't really know.
        I don't have a clue.
        I don't have an answer for that.
        Not a clue.
        I can't recall.
        I can't think of anything right now.
        I've never used that.
        I haven't worked with that.
        I haven't heard of that.
        I don't know anything about that.
        I don't know much about that.
        I'm drawing a blank.
        I'm blanking on this.
        That's beyond me.
        Beats me.
        I wouldn't know how to do that.
        I'm not sure how to answer that.
        I don't think I know that.
        I'm lost.
        I give up.
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
        Skip this one.
        Skip it please.
        Skip that question.
        Let's skip this question.
        Can we skip that?
        Could you skip this question?
        I'd rather skip this one.
        I want to skip this question.
        I think I'll skip this one.
        Let's go on.
        Let's continue.
        Can we continue?
        Move on, please.
        Please go to the next question.
        Next one, please.
        Ask me something else.
        Can you ask me something else?
        Can I get another question?
        Can we come back to this later?
        Let's come back to that later.
        I would like to move on.
        I'll pass.
        Let's do the next one.
        Can we talk about something else?
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
        That's my final answer.
        That would be it.
        That's about it.
        That's pretty much it.
        That's basically it.
        That's everything.
        That's everything I have.
        That's all I know.
        That's what I would do.
        That's how I'd do it.
        That's how I'd approach it.
        That's how I would solve that.
        I think I'm done.
        I'm all done.
        I'm finished with my answer.
        I am done with that.
        I think that's all.
        I have nothing to add.
        There's nothing else to add.
        No, that's it from me.
        I'll leave it at that.
        I'll leave it there.
        That concludes my answer.
        So yeah, that's it.
        I don't have anything else to add.
        End of my answer.
        Let's stop here.
        Can we stop here?
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
        End the call.
        Let's stop the interview.
        I'd like to end the call now.
        Please stop the interview.
        I want to hang up.
        I need to leave now.
        I have to leave.
        I have to go now, sorry.
        Let's finish the call.
        Let's call it a day.
        Could you end the call please?
        I want to quit.
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
    We skip the record and write it to a dead letter queue.
    If the checksum is wrong we skip it.
    Then the consumer moves on to the next message.
    The client moves on to the next server in the list.
    It passes the request on.
    We let the request pass.
    The leader gives up after three attempts.
    The retry gives up on it.
    The scheduler stops here and waits for the lock.
    The loop stops there.
    We stop at the first error.
    It will repeat the question to the root server.
    The resolver repeats the query over TCP.
    Say it again and the cache answers.
    You ask again with the ETag.
    The hint goes into the log as hinted handoff.
    With hinted handoff another node keeps the write.
    A clue is in the access log.
    I would need some help from the database team for that.
    The optimizer does not know the distribution.
    The server does not know who is asking.
    Nobody knows the answer until the quorum agrees.
    I don't know of any limit except the memory.
    I don't remember the exact flag, but it disables Nagle.
    I have no idea how large it gets, so I would measure it.
    I have never used Raft in production, but I have read the paper and it elects a leader.
    Let me think of a request that arrives twice.
    Let me see the counter as a bucket.
    Let me start with the data model.
    Let me give you an example.
    Give me one more node and I get a majority.
    Give it a second and the queue drains.
    Wait for the acknowledgement.
    Wait until the lease expires.
    Hold on to the lock for as short as possible.
    One second later the entry expires.
    It takes a minute to fail over.
    A moment later the replica catches up.
    I need to think in terms of failure domains here.
    That's it for the write path, now the read path.
    That's all there is to the handshake, then data flows.
    That is my answer to a slow disk: a bigger cache.
    This is how I would do it in Go with a worker pool.
    Done is better than perfect, so we shipped it.
    I am done when the tests pass.
    Nothing else changes.
    I will stop the old version after the new one is healthy.
    We call it a day when the error budget is spent.
    The connection is ended by a FIN.
    They hang up after ten seconds of silence.
    I have to leave the cluster running.
    I want to quit the loop early.
    End the transaction, then release the lock.
    The call ends in a timeout.
    Let's continue with the second shard.
    Can we talk about consistency?
    Ask the next server.
    The next one in the ring takes over.
    Another question is how to rebalance.
    Rephrased as a graph problem it is a shortest path.
    In simpler terms, first come, first served.
    You could put it another way: latency costs money.
    We could explain the plan with EXPLAIN ANALYZE.
    I am confused by eventual consistency at times, but it means replicas converge.
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
    assert len(POSITIVE) >= 250
    assert len(NEGATIVE) >= 120
    assert len(set(POSITIVE)) == len(POSITIVE)


@pytest.mark.parametrize(("wish", "text"), POSITIVE, ids=[text for _, text in POSITIVE])
def test_a_short_reply_is_understood(wish, text):
    assert commands.read(text) is wish
    assert commands.read(text.upper()) is wish
    assert commands.read(text.rstrip(".?")) is wish
    assert commands.read(bare(text)) is wish
    assert commands.said(text) == commands.Said("", wish)


@pytest.mark.parametrize("text", NEGATIVE)
def test_an_answer_stays_an_answer(text):
    assert commands.read(text) is None
    assert commands.read(bare(text)) is None


def bare(text):
    """As a recogniser writes that leaves out capitals and full stops."""
    return re.sub(r"[^\w' ]", "", text.replace("’", "'").lower())


WITH_ANSWERS = [
    ("A token bucket in Redis, and that's my answer, next question please.", "A token bucket in Redis,", Wish.SKIP),
    ("A token bucket in Redis. That's my answer. Next question, please.", "A token bucket in Redis.", Wish.SKIP),
    ("a token bucket in redis and thats my answer next question please", "a token bucket in redis", Wish.SKIP),
    (
        "We cache at the edge and purge by tag. That's how I'd do it.",
        "We cache at the edge and purge by tag.",
        Wish.DONE,
    ),
    ("we cache at the edge and that's how i would do it", "we cache at the edge", Wish.DONE),
    ("Let me think. A log with offsets.", "A log with offsets.", None),
    ("Um, let me think about that for a second. A log with offsets.", "A log with offsets.", None),
    ("let me think about that for a second a log with offsets", "a log with offsets", None),
    ("Sorry, could you repeat that? Ah, okay. A log.", "A log.", None),
    ("A log. Let me think. And offsets.", "A log. And offsets.", None),
    (
        "A log, and the consumer keeps its offset. Give me a second.",
        "A log, and the consumer keeps its offset.",
        Wish.THINK,
    ),
    ("a log and the consumer keeps its offset let me think", "a log and the consumer keeps its offset", Wish.THINK),
    ("A log with offsets. Can I have a hint?", "A log with offsets.", Wish.HINT),
    ("A log with offsets. Could you repeat the question?", "A log with offsets.", Wish.REPEAT),
    ("A log with offsets. Nothing else to add. Thank you.", "A log with offsets.", Wish.DONE),
    ("A log with offsets. I'm not sure.", "A log with offsets. I'm not sure.", None),
    ("A log with offsets. Thank you.", "A log with offsets. Thank you.", None),
    ("We retry, then skip the message.", "We retry, then skip the message.", None),
    ("if it fails we skip it", "if it fails we skip it", None),
    ("the transaction is done", "the transaction is done", None),
    ("give me a second server and i can shard it", "give me a second server and i can shard it", None),
    ("", "", None),
]


@pytest.mark.parametrize(("text", "answer", "wish"), WITH_ANSWERS)
def test_the_wishes_around_an_answer_are_found_and_leave_blanks(text, answer, wish):
    said = commands.said(text)
    assert (" ".join(said.answer.split()), said.wish) == (answer, wish)
    assert all(said.answer[i] in (" ", c) for i, c in enumerate(text[: len(said.answer)])), "every place is the same"


@pytest.mark.parametrize("text", NEGATIVE)
def test_nothing_of_an_answer_is_taken_away_but_thinking_aloud(text):
    answer = " ".join(commands.said(text).answer.split())
    assert answer in (text, text.removeprefix("Let me think. ")) or answer.endswith(text.partition("think")[2].strip())


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
