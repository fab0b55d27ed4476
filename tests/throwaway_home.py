"""Loaded as a plugin before Django's settings: one throw-away home for the whole test run."""

import os
import tempfile

_home = tempfile.TemporaryDirectory(prefix="nvrdevice-tests-")
os.environ["NVR_DATA_DIR"] = _home.name + "/var"
os.environ["NVR_CONFIG_DIR"] = _home.name + "/config"
os.environ["NVR_PROCESS"] = "tests"
os.environ["NVR_SYSTEM_BACKEND"] = "simulated"
for _name in (
    "NVR_SECRET_DIR",
    "NVR_ADMIN_PASSWORD",
    "NVR_REQUIRE_SETUP",
    "SERVICE_PORT",
    "HTTPS_PORT",
    "RTSPS_PORT",
):
    os.environ.pop(_name, None)
