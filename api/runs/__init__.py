"""Batch runs: thousands of rows screened in the background, paused, resumed, cancelled, and never one twice."""
