"""Migrations of the case store."""
