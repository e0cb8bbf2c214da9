"""The review desk: where people and programs look at holds over HTTP, and hand findings in. It decides nothing."""
