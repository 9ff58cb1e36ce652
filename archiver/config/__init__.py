"""What the user may choose, and where each choice comes from."""

from archiver.config.options import BY_NAME, OPTIONS, Option
from archiver.config.settings import Chosen, Settings, describe, find_file, load

__all__ = ["BY_NAME", "OPTIONS", "Chosen", "Option", "Settings", "describe", "find_file", "load"]
