"""Words of the product as pure values: ids, stages, principals, canonical JSON, manifests, statements, findings.

Nothing here does I/O, reads a clock or makes a random number. Everything above may import it.
"""
