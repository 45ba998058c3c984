"""Cases by place: which are near a site, and which lie where two releases differ."""
