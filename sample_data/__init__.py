"""The demonstration city: a seeded, synthetic delivery of control units and zones on real place names of Qingdao."""
