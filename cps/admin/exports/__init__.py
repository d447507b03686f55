"""Files that administrators take out."""
