"""Chapter: what comes in at the counter (Wmo art. 2.3.2)."""
