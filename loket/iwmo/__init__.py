"""Bridge: iWmo messages with aanbieders."""
