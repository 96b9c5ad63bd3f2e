"""Watching over who looks: signals of unusual looks, and their review."""
