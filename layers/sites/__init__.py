"""Files of sites as people hand them in: boundary points, drawings, vector files, tables."""
