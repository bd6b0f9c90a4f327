"""`vdw verify`: runs a command beside the code, observes what really happened, and hands the record to the server."""
