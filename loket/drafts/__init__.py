"""What was typed and not sent yet: kept sealed, for its author only."""
