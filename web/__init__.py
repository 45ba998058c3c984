"""What people see: pages and maps. Nothing here queries or decides."""
