"""Chapter: aanvraag, beschikking and the right that follows (Wmo art. 2.3.5)."""
