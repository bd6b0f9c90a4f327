"""`make demo`: a real vibe through all gates, over a real MCP connection, in a fresh store of a demo tenant.

Everything printed comes from MCP replies and files. The agent is a script that reads only what the tools answer.
"""
