"""The five typed documents, one module a phase. Pure: their JSON Schema is what agents fill in."""
