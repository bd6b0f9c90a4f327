"""Who are you: turns a credential into a principal. What a principal may do stands in domain.principal and the
services."""
