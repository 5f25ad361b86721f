"""Sentences of modules that know no framework: marked for the catalogue there, said in the
caller's language by the door that tells them."""


def mark(sentence: str) -> str:
    """The sentence itself. Import it as `_`: that is how the catalogue finds it."""
    return sentence
