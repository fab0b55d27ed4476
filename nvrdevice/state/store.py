"""Load, lock, change and save the documents.

Invariant: what is on the disk under a document's own name is always whole. A document that a
person broke is never overwritten silently: the last good copy serves, a problem says so, and
the broken text is set aside before the next save.
"""

import contextlib
import fcntl
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar, cast

import yaml

from nvrdevice.lib import atomic_file
from nvrdevice.lib.errors import DeviceError, Kind
from nvrdevice.lib.glance import Glance
from nvrdevice.state import unfinished, validate
from nvrdevice.state.yaml_loader import Loader

log = logging.getLogger(__name__)

Section = TypeVar("Section")
Told = TypeVar("Told", contravariant=True)

SIZE_LIMIT = 1_000_000  # bytes of one document
GOOD = ".last-good"
BROKEN = ".broken"
Signature = tuple[int, int, int] | None
Sections = dict[type[Any], Any]
Changes = Mapping[type[Any], Callable[[Any], Any]]

_sections: dict[str, list[type[Any]]] = {}
_homes: dict[type[Any], str] = {}


def section(document: str) -> Callable[[type[Section]], type[Section]]:
    """Declare that the fields of a frozen dataclass are top-level keys of `document`."""

    def declare(cls: type[Section]) -> type[Section]:
        _sections.setdefault(document, []).append(cls)
        _homes[cls] = document
        return cls

    return declare


def document_names() -> list[str]:
    return sorted(_sections)


def sections_of(document: str) -> tuple[type[Any], ...]:
    return tuple(_sections[document])


class Noting(Protocol[Told]):
    """A context that hands out a function to be told a section before and after a change."""

    def __enter__(self) -> Callable[[Told, Told], None]: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None: ...


@contextlib.contextmanager
def _silent() -> Iterator[Callable[[Any, Any], None]]:
    yield lambda _before, _after: None


@contextlib.contextmanager
def _of_one(cls: type[Any], noting: Noting[Any] | None) -> Iterator[Callable[[Any, Any], None]]:
    """noting of one section, as update_all wants it of many."""
    with noting or _silent() as note:
        yield lambda before, after: note(before[cls], after[cls])


@dataclass
class _Loaded:
    signature: Signature
    values: dict[str, Any]
    sections: dict[type[Any], Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    broken: bytes | None = None
    glance: Glance = field(default_factory=Glance)


class Store:
    """The documents of one configuration folder, shared by the threads of a process."""

    def __init__(self, folder: Path, changed: Callable[[str], None] | None = None) -> None:
        self.folder = folder
        self._changed = changed
        self._loaded: dict[str, _Loaded] = {}
        self._paths: dict[str, str] = {}  # read() is called for every request
        self._lock = threading.RLock()

    def read(self, cls: type[Section]) -> Section:
        """The section as the file has it now; a stat call at most where nothing changed."""
        found = self._loaded.get(_homes[cls])
        if found is not None and found.glance.counts() and cls in found.sections:
            shared: Section = found.sections[cls]
            return shared
        with self._lock:
            loaded = self._current(_homes[cls])
            if cls not in loaded.sections:  # declared after the document was read
                loaded.sections[cls] = _build_section(cls, loaded.values)
            section: Section = loaded.sections[cls]
            return section

    def update(
        self,
        cls: type[Section],
        change: Callable[[Section], Section],
        noting: Noting[Section] | None = None,
    ) -> Section:
        """Apply change to the newest state and save; the new section.

        noting: opened before anything is locked, told the old and the new section, and closed
        after the file is written. The file is put back where it fails, so that a change and its
        note are one thing.

        DeviceError(INVALID) where the result breaks its declaration, UNAVAILABLE where the
        folder cannot be written; in both cases nothing changed.
        """
        return cast(Section, self.update_all({cls: change}, _of_one(cls, noting))[cls])

    def update_all(
        self,
        changes: Changes,
        noting: Noting[Sections] | None = None,
    ) -> Sections:
        """As update, of several sections as one thing: all are as they are to be, or none is.

        Sections of one document are one write. Of several documents each is written for itself,
        one straight after the other, and all are put back where anything fails or is cut off.
        """
        documents = sorted({_homes[cls] for cls in changes})
        with (
            contextlib.ExitStack() as undoing,
            noting or _silent() as note,  # its lock is taken before ours, and given back after
            self._lock,
            self._file_lock(),
        ):
            self._take_back()
            for loaded in self._loaded.values():
                loaded.glance.forget()  # nothing another process saved just now may be lost
            undoing.callback(unfinished.end, self.folder)  # as the last: behind what is put back
            written = {each: undoing.enter_context(self._put_back(each)) for each in documents}
            before = {cls: self.read(cls) for cls in changes}
            after = {cls: change(before[cls]) for cls, change in changes.items()}
            for cls, section in after.items():
                if section != before[cls]:
                    validate.check(section, _homes[cls])
            note(before, after)
            others = {_homes[cls] for cls in after if after[cls] != before[cls]}
            if len(others) > 1:
                self._begin(others)
            saved = [
                document
                for document in documents
                if self._save_all(
                    document,
                    {cls: after[cls] for cls in after if _homes[cls] == document},
                    before,
                    written[document],
                )
            ]
            unfinished.end(self.folder)
            result = {cls: self.read(cls) for cls in changes}
        for document in saved:
            if self._changed is not None:
                self._changed(document)
        return result

    def _save_all(
        self,
        document: str,
        after: Sections,
        before: Sections,
        written: list[bytes | None],
    ) -> bool:
        """Whether there was anything to save."""
        loaded = self._current(document)
        same = all(section == before[cls] for cls, section in after.items())
        if same and (self.folder / document).exists() and loaded.broken is None:
            return False
        values = dict(loaded.values)
        for section in after.values():
            values |= validate.plain(section)
        written.append(self._raw(document))
        self._save(document, values, loaded.broken)
        written.append(self._raw(document))
        self._loaded.pop(document, None)
        return True

    @contextlib.contextmanager
    def _put_back(self, document: str) -> Iterator[list[bytes | None]]:
        """What is appended before and after saving is undone if anything fails after that."""
        written: list[bytes | None] = []
        try:
            yield written
        except BaseException:
            if written:
                self._restore(document, written[0], written[-1])
            raise

    def _restore(self, document: str, old: bytes | None, new: bytes | None) -> None:
        path = self.folder / document
        try:
            with self._lock, self._file_lock():
                found = self._raw(document)
                if found == old or (new != old and found != new):  # never written, or newer
                    return
                self._loaded.pop(document, None)
                if old is None:
                    path.unlink(missing_ok=True)
                else:
                    atomic_file.write_bytes(path, old, mode=0o600)
        except (DeviceError, OSError) as error:
            log.critical("%s has a change that could not be taken back: %s", path, error)

    def _begin(self, documents: Iterable[str]) -> None:
        try:
            unfinished.begin(self.folder, {each: self._raw(each) for each in documents})
        except OSError as error:
            raise _unwritten(self.folder, error) from error

    def _take_back(self) -> None:
        """What another process, or this device before a power cut, did not bring to its end."""
        try:
            for document in unfinished.take_back(self.folder):
                self._loaded.pop(document, None)
        except OSError as error:
            raise _unwritten(self.folder, error) from error

    def _raw(self, document: str) -> bytes | None:
        try:
            return (self.folder / document).read_bytes()
        except FileNotFoundError:
            return None

    def create_missing(self) -> None:
        """Write every declared document that has no file yet, with its defaults."""
        with self._lock, self._file_lock():
            self._take_back()
        for document, sections in sorted(_sections.items()):
            atomic_file.sweep(self.folder, document)
            with self._lock, self._file_lock():
                if (self.folder / document).exists():
                    continue
                values: dict[str, Any] = {}
                for cls in sections:
                    values |= validate.plain(self.read(cls))
                self._save(document, values, None)

    def saved_at(self, cls: type[Section]) -> datetime | None:
        """When the document of this section was last written, by whomever."""
        try:
            found = (self.folder / _homes[cls]).stat()
        except OSError:
            return None
        return datetime.fromtimestamp(found.st_mtime, UTC)

    def obstacle(self) -> str:
        """Why no document can be changed just now; "" where they can."""
        try:
            with self._file_lock():
                handle, name = tempfile.mkstemp(prefix=".try.", suffix=".new", dir=self.folder)
                os.close(handle)
                os.unlink(name)  # noqa: PTH108 - the name from mkstemp is a str
        except DeviceError as error:
            return error.text
        except OSError as error:
            return f"{self.folder} cannot be written ({error.strerror})."
        return ""

    def problems(self) -> tuple[str, ...]:
        """One sentence for each thing wrong in the files just now."""
        with self._lock:
            return tuple(
                problem
                for document in document_names()
                for problem in self._current(document).problems
            )

    def _current(self, document: str) -> _Loaded:
        path = self._paths.get(document)
        if path is None:
            path = self._paths[document] = str(self.folder / document)
        loaded = self._loaded.get(document)
        if loaded is not None and loaded.glance.counts():
            return loaded
        begun = loaded.glance.begin() if loaded is not None else None
        signature = _signature(path)
        if loaded is None or loaded.signature != signature:
            loaded = self._load(document, Path(path), signature)
            self._loaded[document] = loaded
            for problem in loaded.problems:
                log.warning("%s", problem)
        elif begun is not None:
            loaded.glance.done(begun)
        return loaded

    def _load(self, document: str, path: Path, signature: Signature) -> _Loaded:
        if signature is None:
            # The file was taken away: a good copy is only of use against a broken one.
            return self._parsed(document, b"", signature)
        raw = b""
        try:
            raw = _read_limited(path)
            loaded = self._parsed(document, raw, signature)
            self._keep_good(path, raw)
            return loaded
        except (DeviceError, OSError) as error:
            reason = error.text if isinstance(error, DeviceError) else f"{document}: {error}"
        good = path.with_name(document + GOOD)
        try:
            served = self._parsed(document, _read_limited(good), signature)
            words = "The last good copy is used until it is corrected."
        except (DeviceError, OSError):
            served = self._parsed(document, b"", signature)
            words = "The defaults are used until it is corrected."
        served.problems = (f"{reason} {words}",)
        served.broken = raw
        return served

    def _keep_good(self, path: Path, raw: bytes) -> None:
        good = path.with_name(path.name + GOOD)
        with contextlib.suppress(OSError):  # reading goes on where nothing can be written
            if not good.exists() or good.read_bytes() != raw:
                atomic_file.write_bytes(good, raw, mode=0o600)

    def _parsed(self, document: str, raw: bytes, signature: Signature) -> _Loaded:
        values = parse(raw, document)
        unknown: list[str] = []
        loaded = _Loaded(signature, values)
        known: set[str] = set()
        for cls in _sections.get(document, []):
            loaded.sections[cls] = _build_section(cls, values, unknown)
            known |= set(validate.plain(loaded.sections[cls]))
        unknown += [f"{document}: {key}" for key in values if key not in known]
        loaded.problems = tuple(f"{place}: unknown setting, kept as it is." for place in unknown)
        return loaded

    def _save(self, document: str, values: dict[str, Any], broken: bytes | None) -> None:
        path = self.folder / document
        data = dump(values, document)
        if len(data) > SIZE_LIMIT:  # nobody could load it
            raise DeviceError(
                Kind.LIMIT,
                f"{document} would be larger than {SIZE_LIMIT:,} bytes: nothing was changed. "
                "Take something out of it first.",
            )
        try:
            if broken is not None:
                atomic_file.write_bytes(path.with_name(document + BROKEN), broken, mode=0o600)
            atomic_file.write_bytes(path, data, mode=0o600)
        except OSError as error:
            raise _unwritten(path, error) from error

    @contextlib.contextmanager
    def _file_lock(self) -> Iterator[None]:
        try:
            stream = (self.folder / ".lock").open("w")
        except OSError as error:
            raise DeviceError(
                Kind.UNAVAILABLE, f"{self.folder} cannot be written ({error.strerror})."
            ) from error
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield


def _unwritten(path: Path, error: OSError) -> DeviceError:
    return DeviceError(
        Kind.UNAVAILABLE,
        f"{path} cannot be written ({error.strerror}): nothing was changed. "
        "Free space or allow writing there, then try again.",
    )


def parse(raw: bytes, document: str) -> dict[str, Any]:
    """The mapping in a document; DeviceError(INVALID) names the line where it is broken."""
    try:
        values = yaml.load(raw, Loader=Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" in line {mark.line + 1}" if mark else ""
        raise DeviceError(
            Kind.INVALID, f"{document}: not valid YAML{line} ({error.problem})."
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DeviceError(
            Kind.INVALID, f"{document}: not valid YAML ({type(error).__name__})."
        ) from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise DeviceError(Kind.INVALID, f"{document}: expected a mapping of settings at the top.")
    return values


def dump(values: dict[str, Any], document: str) -> bytes:
    header = f"# {document}: written by the device; edits are read at once. See config/README.md.\n"
    text: str = yaml.safe_dump(values, sort_keys=False, allow_unicode=True)
    return (header + text).encode()


def _build_section(cls: type[Section], values: dict[str, Any], unknown: Any = None) -> Section:
    document = _homes[cls]
    own = {name: values[name] for name in cls.__dataclass_fields__ if name in values}  # type: ignore[attr-defined]
    section: Section = validate.build(cls, own, document, unknown)
    return section


def _read_limited(path: Path) -> bytes:
    with path.open("rb") as stream:
        raw = stream.read(SIZE_LIMIT + 1)
    if len(raw) > SIZE_LIMIT:
        raise DeviceError(Kind.INVALID, f"{path.name}: larger than {SIZE_LIMIT:,} bytes.")
    return raw


def _signature(path: str) -> Signature:
    try:
        found = os.stat(path)  # noqa: PTH116 - a Path costs three times the call itself
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


_default: Store | None = None


def use(store: Store) -> None:
    """Make store the one that read, update and problems speak of (the settings do so once)."""
    global _default
    _default = store


def _used() -> Store:
    assert _default is not None, "nvrdevice.apps or a test calls state.use() first"
    return _default


def read(cls: type[Section]) -> Section:
    return _used().read(cls)


def update(
    cls: type[Section],
    change: Callable[[Section], Section],
    noting: Noting[Section] | None = None,
) -> Section:
    return _used().update(cls, change, noting)


def update_all(changes: Changes, noting: Noting[Sections] | None = None) -> Sections:
    return _used().update_all(changes, noting)


def saved_at(cls: type[Section]) -> datetime | None:
    return _used().saved_at(cls)


def obstacle() -> str:
    return _used().obstacle()


def problems() -> tuple[str, ...]:
    return _used().problems()
