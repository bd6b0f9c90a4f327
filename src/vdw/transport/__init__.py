"""How bytes arrive: stdio for a client's own process, Streamable HTTP on loopback.

Over HTTP a request goes through `connections`, `edge` and `strict_bodies`, in `http` put before the SDK's transport,
which `ways` runs; `sessions` only where a server asks its clients. `messages` reads one message strictly, on both.
"""
