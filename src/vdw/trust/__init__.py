"""Who may decide, provably: signed statements, the tenant's trust log, its pin. No store, no clock, no network."""
