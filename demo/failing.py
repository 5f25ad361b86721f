class Failed(Exception):
    """The demonstration ends here; the text is a full sentence for the person who started it."""


def expect(truth: object, otherwise: str) -> None:
    """Go on only if it is true."""
    if not truth:
        raise Failed(otherwise)
