"""What do you want: MCP tools, resources and prompts as thin adapters over the services. Start at `pipeline`.

`registry` says what a row is; the rows stand in `tools`, `resources` and `prompts`, and `surface` has them all. What
answers by them: `handlers` calls, `lists` lists, `reads` reads, `completion` completes, `subscriptions` tells of
changes. What goes beside an answer: `telling` progress, `questions` to the client, `request_state` until it comes back.
"""
