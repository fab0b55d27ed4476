"""The answering side of lib.asking: a loop of its own, and workers.

The owner gives handlers by name: each takes the arguments and returns a Reply or raises
DeviceError. A slow one (the first picture of a sleeping decoder) holds up no other, and what
does not fit the bounds is refused at once instead of waiting.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import zmq

from nvrdevice.lib import home
from nvrdevice.lib.asking import Asked
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.question_frames import (
    HEADER_LIMIT,
    Question,
    Reply,
    decode_question,
    encode_error,
    encode_reply,
)
from nvrdevice.lib.run_sockets import RunSockets

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], Reply]
WORKERS = 4
WAITING_LIMIT = 64
POLL_S = 1.0


class Answering:
    """start() binds and serves in a thread; stop() ends it. Handlers run in worker threads."""

    def __init__(
        self, me: Asked, handlers: Mapping[str, Handler], sockets: RunSockets | None = None
    ) -> None:
        self._me = me
        self._handlers = dict(handlers)
        self._sockets = sockets or home.run_sockets()
        self._answers: queue.SimpleQueue[list[bytes]] = queue.SimpleQueue()
        self._waiting = 0
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        router = context.socket(zmq.ROUTER)
        router.setsockopt(zmq.MAXMSGSIZE, HEADER_LIMIT)
        router.setsockopt(zmq.RCVHWM, WAITING_LIMIT)
        router.setsockopt(zmq.SNDHWM, WAITING_LIMIT)
        router.bind(self._sockets.address(self._me.address))
        self._thread = threading.Thread(
            target=self._serve, args=(context, router), name="requests", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Answers under way are dropped: who asked gets UNAVAILABLE."""
        self._stopping.set()
        os.eventfd_write(self._wake, 1)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _serve(self, context: zmq.Context[zmq.Socket[bytes]], router: zmq.Socket[bytes]) -> None:
        poller = zmq.Poller()
        poller.register(router, zmq.POLLIN)
        poller.register(self._wake, zmq.POLLIN)
        workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="request")
        try:
            while not self._stopping.is_set():
                ready = dict(poller.poll(int(POLL_S * 1000)))
                if self._wake in ready:
                    os.eventfd_read(self._wake)
                    self._send_answers(router)
                if router in ready:
                    self._take(router, workers)
        finally:
            workers.shutdown(wait=False, cancel_futures=True)
            router.close(linger=100)
            context.term()

    def _take(self, router: zmq.Socket[bytes], workers: ThreadPoolExecutor) -> None:
        asker, *frames = router.recv_multipart()
        try:
            question = decode_question(frames)
        except DeviceError as error:
            log.warning("a question was dropped: %s", error.text)
            return
        if self._waiting >= WAITING_LIMIT:
            busy = DeviceError(
                Kind.UNAVAILABLE, f"{self._me.process.capitalize()} is busy: try again."
            )
            router.send_multipart([asker, *encode_error(question.id, busy)])
            return
        self._waiting += 1
        workers.submit(self._work, asker, question)

    def _work(self, asker: bytes, question: Question) -> None:
        frames = answer(self._me, self._handlers, question)
        self._answers.put([asker, *frames])
        if not self._stopping.is_set():
            os.eventfd_write(self._wake, 1)

    def _send_answers(self, router: zmq.Socket[bytes]) -> None:
        while True:
            try:
                message = self._answers.get_nowait()
            except queue.Empty:
                return
            self._waiting -= 1
            try:
                router.send_multipart(message, zmq.DONTWAIT)
            except zmq.ZMQError as error:  # who asked is gone or does not read
                log.info("an answer was not taken: %s", error)


def answer(me: Asked, handlers: Mapping[str, Handler], question: Question) -> list[bytes]:
    """What a handler makes of a question, as frames; it never raises."""
    handler = handlers.get(question.name)
    try:
        if handler is None:
            raise DeviceError(
                Kind.UNSUPPORTED,
                f"{me.process.capitalize()} has no answer to {question.name[:40]!r}.",
            )
        return encode_reply(question.id, handler(question.arguments))
    except DeviceError as error:
        return encode_error(question.id, error)
    except Exception:
        log.exception("%s failed", question.name)
        told = DeviceError(
            Kind.INTERNAL,
            f"{me.process.capitalize()} failed at {question.name!r}; its log says why.",
        )
        return encode_error(question.id, told)
