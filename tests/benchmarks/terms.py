"""Every glossary term of every bank, spoken by each voice and heard by the recogniser.

python -m tests.benchmarks terms             all terms of all banks, both voices: figures, and what was missed
python -m tests.benchmarks.terms WORD ...    these words only, a few times, with what was heard of them

What is missed needs a respelling (`speech.respell.TABLE`) or, where none helps, a place in `speech.respell.MISHEARD`.
A word may be given with a respelling to try: "QUIC=quick".
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hireflow_voice.bank.loader import load_banks
from hireflow_voice.models.verify import folder
from hireflow_voice.resources import questions
from hireflow_voice.speech.cast import VOICES
from hireflow_voice.speech.voices import Speaker
from hireflow_voice.speech.whisper import Recogniser
from tests.benchmarks.table import Table, figure
from tests.speech.spoken_terms import ALONE, Sentence, check_all, missing, pieces, sentences


def run() -> Table:
    """Both voices, all terms; those among the exceptions as well."""
    figures, notes = [], []
    with tempfile.TemporaryDirectory() as cache:
        speaker = Speaker(folder("voice-joe"), Path(cache))
        for heard in check_all(speaker, folder("whisper-base"), sentences(load_banks(questions()))):
            voice = heard.voice
            right = 1 - len(heard.missed) / max(1, heard.terms)
            figures.append(figure(f"of {heard.terms} terms heard right, {voice}", "", [right], "all but exceptions"))
            figures.append(figure(f"time for them, {voice}", "s", [heard.seconds]))
            notes += [f"{voice} missed {term!r}: {text}" for term, text in heard.missed.items()]
            if heard.flaky:
                notes.append(f"{voice}, heard when said again: {', '.join(heard.flaky)}")
    return Table("Glossary terms, spoken and heard", "python -m tests.benchmarks terms", tuple(figures), tuple(notes))


def try_words(words: Sequence[str], voices: Sequence[str], times: int) -> None:
    """Say some words a few times and print what is heard, with the word in the prompt."""
    recogniser = Recogniser(folder("whisper-base"), threads=2)
    with tempfile.TemporaryDirectory() as cache:
        speaker = Speaker(folder("voice-joe"), Path(cache))
        for word in words:
            term, _, said = word.partition("=")
            for voice in voices:
                texts, right = [], 0
                for turn in range(times):
                    sentence = Sentence(ALONE[turn % 2].format(said or term) + " " * turn, (term,), (term,))
                    (piece,) = pieces(speaker, voice, [sentence])
                    texts.append(piece.text(recogniser))
                    right += not missing(texts[-1], [term])
                print(f"{word:28} {voice:6} {right}/{times}  {' | '.join(texts)}", flush=True)


def main() -> None:
    """See the module's own words."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.terms", description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--voice", action="append", choices=list(VOICES))
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.words:
        try_words(arguments.words, arguments.voice or list(VOICES), arguments.times)
    else:
        print(run().as_text())


if __name__ == "__main__":
    main()
