"""Commands and queries: the one way in for every entrance (MCP, command line, console, jobs).

Each function takes the environment, the principal and plain values, authorizes the object, and either
answers or raises `VdwError`. A command reasons first, then commits state, events and documents in one
unit of work under the version it reasoned on.
"""
