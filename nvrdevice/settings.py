"""Django's settings and the start contract: everything the environment decides, in one place."""

from pathlib import Path

from nvrdevice.lib import environment, secret_box

BASE_DIR = Path(__file__).resolve().parent.parent

# Where the device lives. Whatever it writes lies in one of these folders.
NVR_CONFIG_DIR = environment.folder("NVR_CONFIG_DIR", BASE_DIR / "config")
NVR_DATA_DIR = environment.folder("NVR_DATA_DIR", BASE_DIR / "var")
NVR_SECRET_DIR = environment.folder("NVR_SECRET_DIR", NVR_DATA_DIR / "secret")
NVR_RUN_DIR = NVR_DATA_DIR / "run"
NVR_LOG_DIR = NVR_DATA_DIR / "log"

SERVICE_HOST = environment.text("SERVICE_HOST", "0.0.0.0")  # noqa: S104 - an NVR is another host
SERVICE_PORT = environment.integer("SERVICE_PORT", 8000, low=1, high=65535)
HTTPS_PORT = environment.integer("HTTPS_PORT", 8443, low=1, high=65535)
RTSP_PORT = environment.integer("RTSP_PORT", 8554, low=1, high=65535)
RTSPS_PORT = environment.integer("RTSPS_PORT", 8322, low=1, high=65535)
DISCOVERY_PORT = environment.integer("DISCOVERY_PORT", 3702, low=1, high=65535)
NVR_REQUIRE_SETUP = environment.boolean("NVR_REQUIRE_SETUP")
NVR_SYSTEM_BACKEND = environment.choice("NVR_SYSTEM_BACKEND", "auto", ("auto", "simulated"))
NVR_PROCESS = environment.text("NVR_PROCESS", "manage")  # names log file and bell

for _folder in (NVR_CONFIG_DIR, NVR_DATA_DIR, NVR_LOG_DIR):
    environment.make_folder(_folder)

SECRET_KEY = secret_box.read_or_create_text(NVR_SECRET_DIR / "django.key")
DEBUG = False
ALLOWED_HOSTS = ["*"]  # a device is reached by whatever address its network gives it
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "nvrdevice",
    "webui",
]
MIDDLEWARE = [
    "webui.middleware.SecurityHeaders",
    "webui.https_only.HttpsOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "webui.wrong_method.WrongMethod",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webui.setup_gate.SetupGate",
]
ROOT_URLCONF = "nvrdevice.urls"
ASGI_APPLICATION = "nvrdevice.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webui.frame.context",
            ]
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": NVR_DATA_DIR / "nvrdevice.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            # FULL: a commit we acknowledged is on the disk before the power can fail.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

AUTH_USER_MODEL = "nvrdevice.User"
AUTHENTICATION_BACKENDS = [
    "nvrdevice.accounts.backend.SignIn",  # slow-down and reasons for Django admin's form too
    "django.contrib.auth.backends.ModelBackend",  # keeps sessions; never asked for a password
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.BCryptPasswordHasher",  # hashes of a users.yaml made elsewhere
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = "nvrdevice_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "nvrdevice_csrf"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

REST_FRAMEWORK = {
    # Everything else a view needs is in onvif_api.rest.view.
    "EXCEPTION_HANDLER": "onvif_api.rest.errors.handle",
    "DEFAULT_SCHEMA_CLASS": "onvif_api.rest.described.Described",
    "UNAUTHENTICATED_USER": None,
}
# What a face adds to ./nvr manage writereference, which knows no face.
REFERENCE_WRITERS = ["onvif_api.rest.reference.write"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "nvrdevice.lib.log_file.Line"},
        "short": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "file": {
            "class": "nvrdevice.lib.log_file.LogFile",
            "filename": NVR_LOG_DIR / f"{NVR_PROCESS}.log",
            "max_bytes": 5_000_000,
            "backup_count": 3,
            "formatter": "line",
        },
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "short",
            "level": "WARNING",
        },
    },
    "root": {"handlers": ["file", "console"], "level": "INFO"},
}
