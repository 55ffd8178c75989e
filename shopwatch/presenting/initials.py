"""Letters that stand for a person."""


def initials(name: str) -> str:
    """Of the first and the last word of a name, as far as they begin with a letter or a figure."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
