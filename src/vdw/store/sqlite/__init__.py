"""The embedded engine: one file, read inline, written in group commits by one thread a process, shared by many
processes.

`store` opens it and is what the composition root uses; `reader` and `unit_of_work` answer the Protocols; `writer` makes
writes durable and fair; `migrate` makes and checks the schema; `connection`, `lock`, `filesystem`, `file_identity` and
`faults` are the ground under them.
"""
