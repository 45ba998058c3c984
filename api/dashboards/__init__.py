"""Dashboards: figures over the cases as they stand; pure but for `reading`."""
