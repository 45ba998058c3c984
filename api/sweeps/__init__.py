"""A file of any size swept over a release: verdicts in short, on all cores or on a cluster, into one table."""
