"""x."""


def reworded(text: str, said: str, language: str) -> bool:
    return text != said
