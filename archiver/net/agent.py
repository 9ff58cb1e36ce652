"""Who we say we are in our own requests."""

from archiver import __version__

PURPOSE = "preserves public posts embedded in articles"


def user_agent(contact: str | None = None) -> str:
    """The honest User-Agent: program, version, purpose, and whom to write to where the user says it."""
    who = f"; contact: {contact}" if contact else ""
    return f"archiver/{__version__} ({PURPOSE}{who})"
