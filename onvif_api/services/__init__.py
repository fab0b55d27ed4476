"""One file per WSDL, one function per operation; each registers itself when it is imported."""

import importlib
import pkgutil


def load() -> None:
    """Import every service there is, so that its operations are in the table."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
