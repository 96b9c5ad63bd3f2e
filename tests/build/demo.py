"""The demo as tests load it."""

from datetime import UTC, datetime

TOLD_ON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""The day around which the story is told."""
