"""A bearer token that contenders with authentication verify, and who it is from and for. Nothing of ours reads it."""

from __future__ import annotations

import time

ISSUER = "https://issuer.example"
AUDIENCE = "https://server.example/mcp"
LIFETIME_S = 24 * 60 * 60


def new_token() -> tuple[str, bytes]:
    """An RS256 token that outlives any run, and the public key as PEM."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = generate_private_key(public_exponent=65537, key_size=2048)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "bench",
        "client_id": "bench",
        "exp": int(time.time()) + LIFETIME_S,
    }
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return jwt.encode(claims, key, algorithm="RS256"), public
