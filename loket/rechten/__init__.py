"""Bridge: what a resident may ask: to see, to have corrected (Wmo art. 5.3.2)."""
