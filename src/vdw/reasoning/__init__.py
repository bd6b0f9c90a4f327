"""Decides from facts, not from opinion, whether a gate may open. Rules lie in `rules`; start at `service`."""
