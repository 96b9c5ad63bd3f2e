"""Chapter: the onderzoek and what it finds (Wmo art. 2.3.2 lid 4)."""
