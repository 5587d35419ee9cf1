"""What each line of the form is called in a sentence, and what its marks 1 to 4 mean."""

from __future__ import annotations

from hireflow_voice.verdict import Flow, Signal

CORE: dict[Flow, Signal] = {
    "screen": Signal.STORY,
    "technical": Signal.DEPTH,
    "design": Signal.DEPTH,
    "coding": Signal.DEPTH,
    "values": Signal.ACTION,
}
"""The line that no other one can make up for."""

NAMES: dict[Signal, str] = {
    Signal.FRAMING: "problem framing",
    Signal.DEPTH: "technical depth",
    Signal.TRADE_OFFS: "trade-offs",
    Signal.OPERATIONS: "failure and operations",
    Signal.ESTIMATION: "estimates",
    Signal.COMPLEXITY: "complexity",
    Signal.EDGE_CASES: "edge cases",
    Signal.SITUATION: "the situation",
    Signal.ACTION: "your own action",
    Signal.RESULT: "the result",
    Signal.LEARNING: "what you learnt",
    Signal.SCOPE: "level and scope",
    Signal.MOTIVATION: "motivation",
    Signal.STORY: "your story",
    Signal.LOGISTICS: "logistics",
    Signal.COMMUNICATION: "communication",
    Signal.CURIOSITY: "curiosity",
}

ANCHORS: dict[Signal, tuple[str, str, str, str]] = {
    Signal.FRAMING: (
        "The problem was not set up before solving it",
        "The question was taken up, its constraints hardly",
        "The constraints that matter were stated",
        "The constraints were stated and ranked",
    ),
    Signal.DEPTH: (
        "The core idea is missing",
        "Some right parts were named, not how they work",
        "The core mechanism and most of its points are right",
        "Mechanism and details are right",
    ),
    Signal.TRADE_OFFS: (
        "No options were weighed",
        "Options came up, their costs hardly",
        "Options were compared on named costs",
        "Options, their costs and when the choice changes were named",
    ),
    Signal.OPERATIONS: (
        "Only the happy path was described",
        "Failure came up in general",
        "Concrete failures and how to handle them were named",
        "Failures, their detection and their containment were named",
    ),
    Signal.ESTIMATION: (
        "No sizes were worked out",
        "A size was guessed, not worked out",
        "The sizes that matter were worked out from stated assumptions",
        "Sizes were worked out, and the design was drawn from them",
    ),
    Signal.COMPLEXITY: (
        "Nothing was said about time or memory",
        "A complexity was named without its reason",
        "Time and memory are right, with the reason",
        "Time and memory are right, and weighed against other ways",
    ),
    Signal.EDGE_CASES: (
        "No unusual input was thought of",
        "An edge case came up, not what happens then",
        "The edge cases that matter were named and handled",
        "Edge cases were named, handled and put into tests",
    ),
    Signal.SITUATION: (
        "What it was about cannot be told",
        "There is a story, its stakes stay unclear",
        "Situation and stakes are clear",
        "Situation, stakes and what made it hard are clear",
    ),
    Signal.ACTION: (
        "What you did yourself cannot be told from what the team did",
        "Own steps came up, the reasons for them hardly",
        "Own steps and the reasons for them were named",
        "Own steps, their reasons and what was decided against were named",
    ),
    Signal.RESULT: (
        "How it ended was not said",
        "An end was told, without anything to check it by",
        "The result was named with something to check it by",
        "The result, its measure and what it meant for others were named",
    ),
    Signal.LEARNING: (
        "Nothing was drawn from it",
        "A lesson was named in general",
        "A lesson was named that fits the story",
        "A lesson was named, and where it was used afterwards",
    ),
    Signal.SCOPE: (
        "How large your part was cannot be told",
        "A part was named, its size hardly",
        "The size of your part is clear",
        "The size of your part, and whom it reached, are clear",
    ),
    Signal.MOTIVATION: (
        "Why this company was not said",
        "The reasons would fit any company",
        "A reason that fits this company was given",
        "Reasons that fit this company and your own work were given",
    ),
    Signal.STORY: (
        "What you have done cannot be told",
        "Stations were listed, not what you did there",
        "What you did lately is clear, and fits the role",
        "What you did, why, and how it leads to this role are clear",
    ),
    Signal.LOGISTICS: (
        "The practical questions stayed open",
        "Some practical questions were answered",
        "The practical questions were answered",
        "The practical questions were answered, with room to decide",
    ),
    Signal.COMMUNICATION: (
        "The answers cannot be followed",
        "The answers give the listener few marks of where they are",
        "Most answers say where they go and give reasons",
        "The answers open with their point, are signposted, and come to an end",
    ),
    Signal.CURIOSITY: (
        "No question was asked",
        "A question was asked that would fit any company",
        "A question about this work was asked",
        "Questions about this work were asked that build on what was said",
    ),
}
