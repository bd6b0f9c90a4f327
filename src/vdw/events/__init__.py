"""How parts of the product, and other processes on the same store, hear of what was committed."""
