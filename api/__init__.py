"""Use cases, memory and doors: service, case store, HTTP and command line."""
