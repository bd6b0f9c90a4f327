"""How bytes arrive: stdio for a client's own process, Streamable HTTP on loopback. Edge checks stand in `edge`."""
