"""archiver preserves the social-media posts embedded in articles."""

__version__ = "0.1.0"
