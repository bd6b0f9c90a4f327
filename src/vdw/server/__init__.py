"""What do you want: MCP tools, resources and prompts as thin adapters over the services. Start at `pipeline`."""
