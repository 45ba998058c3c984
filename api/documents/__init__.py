"""Word, PDF and Excel of a kept screening: one content, three writers."""
