"""Cases: their flow, time limits, judgements, files and store."""
