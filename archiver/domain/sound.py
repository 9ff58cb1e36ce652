"""Text that can be written: no lone surrogates, which neither UTF-8 nor SQLite can hold."""

from typing import Any


def sound(value: Any) -> Any:  # noqa: ANN401 - any JSON-like value goes through unchanged
    """The value with lone surrogates in its strings, keys included, replaced by U+FFFD.

    Lists, tuples and dicts are walked; all else is handed back as it is.
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {sound(key): sound(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(sound(one) for one in value)
    return value
