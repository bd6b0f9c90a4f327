"""Decides from facts, not from opinion, whether a gate may open. Rules are the .mg files in `rules`; start at `service`."""
