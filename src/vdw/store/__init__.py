"""Where state lives. `interface` is what the rest of the product knows; `sqlite` is the embedded engine; `migrate` makes
and checks the schema. Nothing here knows what a project means: laws, reasoning and trust are layers above.
"""
