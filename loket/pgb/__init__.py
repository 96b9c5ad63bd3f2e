"""Room: persoonsgebonden budget (Wmo art. 2.3.6)."""
