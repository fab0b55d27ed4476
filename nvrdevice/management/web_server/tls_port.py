"""The HTTPS port: the same front under TLS, opened, closed and renewed while the process runs.

It looks at mode and certificate now and then, and each look is a few stat calls. Whatever is
wrong with it is said once and tried again: HTTP does not notice.
"""

import logging
from collections.abc import Callable
from typing import Any

from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOFactory
from zope.interface import implementer

from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.management.web_server import sockets
from nvrdevice.system import tls
from nvrdevice.system.tls import Files

log = logging.getLogger(__name__)

LOOK_S = 1.0
# Forward secrecy and authenticated encryption only; TLS 1.3 has nothing else.
CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"


@implementer(IOpenSSLServerConnectionCreator)
class Certificate:
    """Gives each new connection the certificate that is shown by then."""

    def __init__(self) -> None:
        self._context: SSL.Context | None = None
        self._files: Files | None = None

    def look(self, files: Files) -> bool:
        """Load what is new; whether something was."""
        if files == self._files:
            return False
        self._context = context(files)
        self._files, before = files, self._files
        return before is not None

    def serverConnectionForTLS(self, tls_protocol: Any) -> SSL.Connection:
        assert self._context is not None
        return SSL.Connection(self._context, None)


class TlsConnection(BufferingTLSTransport):  # type: ignore[misc]
    def _shutdownTLS(self) -> None:
        # Without waiting for the client's goodbye: one that never says it would keep its seat.
        super()._shutdownTLS()
        self.transport.loseConnection()


class TlsFactory(TLSMemoryBIOFactory):  # type: ignore[misc]
    protocol = TlsConnection

    def buildProtocol(self, addr: Any) -> Any:
        inner = self.wrappedFactory.buildProtocol(addr)
        return None if inner is None else self.protocol(self, inner)


class TlsPort:
    def __init__(
        self,
        host: str,
        port: int,
        *,
        mode: Callable[[], str] = tls.mode,
        files: Callable[[], Files] = tls.files,
    ) -> None:
        self._host, self._port = host, port
        self._mode, self._files = mode, files
        self._certificate = Certificate()
        self._open: list[Any] = []
        self._said = ""

    def look(self, front: Any, reactor: Any) -> bool:
        """Do as mode and certificate say; whether another certificate is shown from now on."""
        renewed = False
        try:
            if self._mode() == tls.OFF:
                self.close()
            else:
                renewed = self._certificate.look(self._files())
                if not self._open:
                    self._listen(front, reactor)
            self._said = ""
        except DeviceError as error:
            if error.text != self._said:
                log.error("HTTPS is not served: %s", error.text)
            self._said = error.text
        return renewed

    def close(self) -> None:
        for each in self._open:
            each.stopListening()
        self._open = []

    def _listen(self, front: Any, reactor: Any) -> None:
        factory = TlsFactory(self._certificate, isClient=False, wrappedFactory=front, clock=reactor)
        for each in sockets.listen(self._host, self._port, "HTTPS_PORT"):
            self._open.append(reactor.adoptStreamPort(each.fileno(), each.family, factory))
            each.close()  # adopted as a duplicate
        log.info("HTTPS is served on %s port %s.", self._host, self._port)


def context(files: Files) -> SSL.Context:
    """TLS 1.2 and 1.3 with this certificate; no protocol but HTTP/1.1 is ever negotiated."""
    made = SSL.Context(SSL.TLS_SERVER_METHOD)
    made.set_min_proto_version(SSL.TLS1_2_VERSION)
    made.set_cipher_list(CIPHERS)
    made.set_options(
        SSL.OP_NO_COMPRESSION | SSL.OP_CIPHER_SERVER_PREFERENCE | SSL.OP_NO_RENEGOTIATION
    )
    made.set_session_id(b"nvrdevice")
    try:
        made.use_certificate_chain_file(str(files.certificate))
        made.use_privatekey_file(str(files.key))
        made.check_privatekey()
    except SSL.Error as error:
        reasons = ", ".join(str(each[-1]) for each in (error.args[0] if error.args else ()))
        raise DeviceError(
            Kind.UNAVAILABLE,
            f"The certificate in {files.certificate.parent} cannot be used ({reasons}): "
            "restart the device, or renew it on the page Certificates.",
        ) from None
    return made
