"""City packs: all that makes one city what it is, as one readable file (docs/decisions has why)."""
