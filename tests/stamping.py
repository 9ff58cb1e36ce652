"""A time-stamping authority on the loopback interface: `openssl ts` behind a web server."""

import socket
import subprocess
from pathlib import Path

from loopback import Asked, http

EXTENSIONS = """[v]
extendedKeyUsage=critical,timeStamping
keyUsage=critical,digitalSignature
authorityKeyIdentifier=keyid
subjectKeyIdentifier=hash
"""
SETTINGS = """[tsa]
default_tsa=ours
[ours]
serial={folder}/serial
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha512
ess_cert_id_alg=sha256
"""


class TimeAuthority:
    """`ca_file` is its root; `answer` is a route for the web server of the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        (folder / "ext.cnf").write_text(EXTENSIONS)
        (folder / "ts.cnf").write_text(SETTINGS.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        self._openssl(
            f"req -x509 {new} -keyout ca.key -out ca.pem -days 2 -subj /CN=Tests "
            "-addext keyUsage=critical,keyCertSign"
        )
        self._openssl("req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Stamps")
        self._openssl(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
            "-extfile ext.cnf -extensions v -days 2 -out tsa.pem"
        )

    def _openssl(self, command: str) -> None:
        subprocess.run(
            ["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True
        )

    def stamp(self, asked: bytes) -> bytes:
        """The authority's answer to a request."""
        (self.folder / "q.tsq").write_bytes(asked)
        self._openssl(
            "ts -reply -config ts.cnf -section ours -queryfile q.tsq "
            "-signer tsa.pem -inkey tsa.key -out r.tsr"
        )
        return (self.folder / "r.tsr").read_bytes()

    def answer(self, asked: Asked, _link: socket.socket) -> bytes:
        """A route that answers over HTTP."""
        assert asked.header("Content-Type") == "application/timestamp-query"
        reply = ("Content-Type", "application/timestamp-reply")
        return http(self.stamp(asked.body), 200, "OK", reply)
