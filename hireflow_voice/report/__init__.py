"""A call, written down: Markdown, HTML and JSON. Reads only what the store holds."""
