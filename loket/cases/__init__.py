"""Room: from melding to beschikking, in four chapters."""
