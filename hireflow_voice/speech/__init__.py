"""Hearing and speaking: Whisper in chunks with guards, and the interviewer's voices."""
