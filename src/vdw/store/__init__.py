"""Where state lives. `interface` is what the rest of the product knows; `sqlite` is the embedded engine, with
its own schema and migrations. Nothing here knows what a project means: laws, reasoning and trust are layers above.
"""
