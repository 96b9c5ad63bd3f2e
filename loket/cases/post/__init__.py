"""Incoming post: kept sealed, and filed to a dossier."""
