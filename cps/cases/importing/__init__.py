"""Cases of an earlier system on their way in: the mapping file, the rows it explains, where they wait."""
