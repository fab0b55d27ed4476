"""A foreign ONVIF device on loopback: an HTTP server that answers what the test says."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

from lxml import etree

S = "http://www.w3.org/2003/05/soap-envelope"
TDS = "http://www.onvif.org/ver10/device/wsdl"
TRT = "http://www.onvif.org/ver10/media/wsdl"
TT = "http://www.onvif.org/ver10/schema"

Reply = tuple[int, bytes]
Answers = dict[str, Reply | Callable[[etree._Element], Reply]]


def envelope(content: str) -> bytes:
    names = f'xmlns:s="{S}" xmlns:tds="{TDS}" xmlns:trt="{TRT}" xmlns:tt="{TT}"'
    return f"<s:Envelope {names}><s:Body>{content}</s:Body></s:Envelope>".encode()


def fault(subcode: str, text: str = "No.") -> Reply:
    return 400, envelope(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>"
        f"<s:Value>ter:{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault>'
    )


@dataclass
class ForeignDevice:
    """answers: operation → reply, or what makes one of the request's root element."""

    answers: Answers
    asked: list[tuple[str, str]] = field(default_factory=list)  # path and operation
    challenges: tuple[str, ...] = ()  # with each 401
    authorized: list[str] = field(default_factory=list)  # Authorization headers that came
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    def reply(self, path: str, raw: bytes) -> Reply:
        root = etree.fromstring(raw)
        operation = etree.QName(root.find(f"{{{S}}}Body")[0]).localname
        self.asked.append((path, operation))
        found = self.answers.get(operation, fault("ActionNotSupported", "Not here."))
        return found(root) if callable(found) else found


@contextlib.contextmanager
def serving(
    answers: dict[str, Reply | Callable[[etree._Element], Reply]],
) -> Iterator[ForeignDevice]:
    device = ForeignDevice(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = device.reply(self.path, raw)
            header = self.headers.get("Authorization", "")
            device.authorized += [header] if header else []
            if device.challenges and not header and b"Username" in raw:
                status, body = 401, b""
            self.send_response(status)
            for challenge in device.challenges if status == 401 else ():
                self.send_header("WWW-Authenticate", challenge)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # the asker has had enough
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    device.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield device
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
