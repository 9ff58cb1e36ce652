"""What TLS says of the other side: protocol, cipher, and the facts of its certificate."""

import ssl
from datetime import UTC, datetime

from archiver.domain.digest import sha256
from archiver.domain.exchange import TlsPeer

Name = tuple[tuple[tuple[str, str], ...], ...]


def protocol_of(http: bytes, tls: ssl.SSLSocket | None) -> tuple[str, ...]:
    """WARC-Protocol values, such as `http/1.1` and `tls/1.3`."""
    spoken = http.decode("ascii", "replace").lower() or "http/1.1"
    version = tls.version() if tls is not None else None
    return (spoken, tls_name(version)) if version else (spoken,)


def tls_name(version: str) -> str:
    """`TLSv1.3` → `tls/1.3`."""
    return version.replace("TLSv", "tls/").lower()


def peer_of(tls: ssl.SSLSocket | None) -> TlsPeer | None:
    """The peer of a verified connection; None without TLS."""
    if tls is None:
        return None
    facts = tls.getpeercert() or {}
    cipher = tls.cipher()
    raw = tls.getpeercert(binary_form=True)
    return TlsPeer(
        protocol=tls_name(tls.version() or ""),
        cipher=cipher[0] if cipher else "",
        subject=name_of(facts.get("subject", ())),
        issuer=name_of(facts.get("issuer", ())),
        valid_from=moment_of(facts.get("notBefore")),
        valid_to=moment_of(facts.get("notAfter")),
        names=tuple(str(entry[1]) for entry in facts.get("subjectAltName", ())),
        certificates=(sha256(raw),) if raw else (),
    )


def name_of(name: object) -> str:
    """A distinguished name on one line: `organizationName=…, commonName=…`."""
    if not isinstance(name, tuple):
        return ""
    return ", ".join(f"{key}={value}" for part in name for key, value in part)


def moment_of(text: object) -> datetime | None:
    """A certificate's time, such as `Jan  5 09:34:43 2026 GMT`."""
    if not isinstance(text, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC)
