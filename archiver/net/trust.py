"""Which certificate authorities are trusted, the same on every Python and machine."""

import ssl
from pathlib import Path

import certifi

from archiver.errors import ConfigError


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """The public authorities of certifi, and those of `ca_file` in addition. Raises ConfigError.

    Verification is always on. Python 3.13 began to refuse authorities that lack a key usage extension
    (VERIFY_X509_STRICT), as many private ones do and browsers accept: that one demand is left out.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except ssl.SSLError as error:  # an OSError too, whose words are those of OpenSSL
            raise ConfigError(f"--ca-file {ca_file} holds no certificate in PEM form") from error
        except OSError as error:
            raise ConfigError(f"cannot read --ca-file {ca_file}: {error.strerror}") from error
    return context
