"""Numbers as they are read aloud."""


def in_groups(digits: str, size: int = 4) -> list[str]:
    """Return digits in groups, each digit parted from the next, so that a voice says one after the other."""
    return [" ".join(digits[at : at + size]) for at in range(0, len(digits), size)]
