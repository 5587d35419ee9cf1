"""Faster or slower at the same pitch: FFmpeg's `atempo` (overlap-add by likeness), through PyAV.

PyAV is there for faster-whisper already; a filter that the whole field uses is better kept than one of ours. It works
through five minutes of 16 kHz sound in about 0.1 s.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from hireflow_voice.sound import Pcm, Samples

BLOCK = 65_536
"""Samples handed to the filter at once."""
LAG_S = 0.03
"""Seconds, on the clock of the original, by which a moment is heard early: the middle of what the filter was measured
to shift bursts by (16 to 48 ms at all speeds)."""


def stretched(pcm: Pcm, speed: float) -> Pcm:
    """`pcm` played `speed` times as fast, pitch kept; length divided by `speed`, to about 20 ms.

    `speed` is 0.5 to 4. Any thread; slow for long sounds (0.3 ms a second of sound).
    """
    if not 0.5 <= speed <= 4.0:
        raise ValueError(f"no such speed: {speed}")
    if speed == 1.0 or not len(pcm.samples):
        return pcm
    from av import AudioFrame
    from av.error import BlockingIOError as NotYet
    from av.error import EOFError as Over
    from av.filter import Graph

    graph = Graph()
    time_base = Fraction(1, pcm.rate)
    source = graph.add_abuffer(sample_rate=pcm.rate, format="s16", layout="mono", time_base=time_base)
    tempo, sink = graph.add("atempo", str(speed)), graph.add("abuffersink")
    graph.link_nodes(source, tempo, sink).configure()
    done: list[Samples] = []

    def collect() -> None:
        while True:
            try:
                frame = graph.pull()
            except (NotYet, Over):
                return
            assert isinstance(frame, AudioFrame)
            done.append(frame.to_ndarray().reshape(-1).astype(np.int16))

    for start in range(0, len(pcm.samples), BLOCK):
        part = np.ascontiguousarray(pcm.samples[start : start + BLOCK]).reshape(1, -1)
        frame = AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = pcm.rate, start, time_base
        graph.push(frame)
        collect()
    graph.push(None)
    collect()
    return Pcm(np.concatenate(done) if done else pcm.samples[:0], pcm.rate, pcm.voice)
