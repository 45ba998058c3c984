"""Batches of projects and sites: the template, the reading of filled tables, the mend file, the results."""
