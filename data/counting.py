"""Numbers of things, as a sentence has them."""


def counted(number: int, one: str) -> str:
    """`1 outcome`, `2 outcomes`, `1,000 outcomes`: a number and the word for one of them."""
    return f"{number:,} {one if number == 1 else f'{one}s'}"
