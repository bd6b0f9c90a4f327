"""The command line: one module a noun. Tables for people, `--json` for programs, one sentence for what went wrong.

Nothing here imports mcp, pydantic or Rich before a command needs it, so that help stays quick.
"""
