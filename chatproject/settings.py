"""Settings. All that differs between two installations comes from the environment, here alone."""

import warnings
from datetime import timedelta

from csp.constants import NONE, SELF

from chatproject import broker, engines, env, mqtt_url, secret_key

BASE_DIR = env.BASE_DIR
DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "data")
DEBUG = env.boolean("DEBUG", False)
LOG_LEVEL = env.choice("LOG_LEVEL", "warning", ("info", "warning", "error"))
LOG_FORMAT = env.choice("LOG_FORMAT", "line", ("line", "json"))

LOCAL_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
PRIVATE_NETWORKS = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                    "::1/128", "fc00::/7", "fe80::/10"]  # fmt: skip
METRICS_ALLOWED = env.networks("METRICS_ALLOWED") or PRIVATE_NETWORKS
HTTPS = env.boolean("HTTPS", False)

DOWNLOAD_DIR = env.directory("DOWNLOAD_DIR", DATA_DIR / "downloads")
DATABASES = engines.databases(DATA_DIR)
REDIS_URL = env.server_url("REDIS_URL", ("redis", "rediss", "unix"), "redis://host:6379/0")
EMBEDDED = not REDIS_URL  # one process, which brings its worker and beat along
SECRET_KEY = secret_key.read(
    DATA_DIR, one_machine=EMBEDDED or engines.is_file(DATABASES["default"])
)
THERMOMETER_INTERVAL = env.number("THERMOMETER_INTERVAL", 100, least=0.5)  # seconds
ALERT_HYSTERESIS = env.number("ALERT_HYSTERESIS", 0.5)  # in a device's unit
MQTT_URL = mqtt_url.read()

OPENAI_API_KEY = env.secret("OPENAI_API_KEY")
OPENAI_BASE_URL = env.http_url("OPENAI_BASE_URL", example="http://host:11434/v1")
OPENAI_MODEL = env.text("OPENAI_MODEL") or "gpt-4o-mini"
BOT_CONNECT_TIMEOUT = env.number("BOT_CONNECT_TIMEOUT", 5, least=0.1)  # seconds, as the next two
BOT_FIRST_TOKEN_TIMEOUT = env.number("BOT_FIRST_TOKEN_TIMEOUT", 30, least=0.1)
BOT_ANSWER_TIMEOUT = env.number("BOT_ANSWER_TIMEOUT", 120, least=0.1)
BOT_PROMPT_LIMIT = env.whole("BOT_PROMPT_LIMIT", 8_000, least=1)  # characters of a question
# A day, in UTC; 0: no limit.
BOT_ANSWERS_PER_PERSON = env.whole("BOT_ANSWERS_PER_PERSON", 200)
BOT_TOKENS_PER_PERSON = env.whole("BOT_TOKENS_PER_PERSON", 500_000)
BOT_ANSWERS_IN_ALL = env.whole("BOT_ANSWERS_IN_ALL", 5_000)
BOT_TOKENS_IN_ALL = env.whole("BOT_TOKENS_IN_ALL", 10_000_000)

REGISTRATION = env.choice("REGISTRATION", "open", ("open", "invite", "closed"))
RATE_LIMIT_MESSAGES = env.number("RATE_LIMIT_MESSAGES", 20)  # a second, sustained; 0: no limit
RATE_LIMIT_BURST = env.number("RATE_LIMIT_BURST", 100, least=1)  # at once
EDIT_WITHIN = env.number("EDIT_WITHIN", 86_400, least=-1)  # seconds; -1: without end
DELETE_WITHIN = env.number("DELETE_WITHIN", 86_400, least=-1)  # the same
RETENTION_DIRECT = env.number("RETENTION_DIRECT", 0)  # days; 0: for good; as the next two
RETENTION_ROOMS = env.number("RETENTION_ROOMS", 0)
RETENTION_FEEDS = env.number("RETENTION_FEEDS", 0)
DOWNLOAD_KEPT = env.number("DOWNLOAD_KEPT", 24, least=0.01)  # hours
RECHECK_INTERVAL = env.number("RECHECK_INTERVAL", 4, least=0.1)  # seconds

INSTALLED_APPS = [
    "chatproject",  # before staticfiles, whose runserver it replaces
    "chat",
    "devices",
    "bots",
    "channels",
    "axes",
    "csp",
    "ninja",  # the page /api/docs
    "chatproject.operations.dashboard.site.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "chatproject.urls"
ASGI_APPLICATION = "chatproject.asgi.application"

# News between processes; a process alone needs none. Messages go by chat/backplane/.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            # without these, redis-py 8 gives up on a silent subscription
            "hosts": [{"address": REDIS_URL, "socket_timeout": None, "socket_keepalive": True,
                       "max_connections": 100}],
            "prefix": f"chat-{broker.database(REDIS_URL)}",  # all databases share the channels
        },
    }
} if REDIS_URL else {}  # fmt: skip

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
            ],
        },
    },
]


DATABASE_ROUTERS = ["chatproject.databases.MessagesRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "chat.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("name", "title")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "/join/"
LOGIN_REDIRECT_URL = "/"
DEFAULT_EXCEPTION_REPORTER_FILTER = "chatproject.operations.error_pages.Filter"
CSRF_FAILURE_VIEW = "chat.accounts.views.join.stale_form"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # it would keep a row for every sign-in, for ever
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "chat.accounts.throttle.name_tried"
AXES_CLIENT_IP_CALLABLE = "chat.accounts.throttle.address_of"
AXES_LOCKOUT_CALLABLE = "chat.accounts.throttle.lockout_response"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
# A browser keeps a secure cookie to itself on plain HTTP, as within a house: hence the setting.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0  # asked for anew each time, answered by 304: an upgrade shows at once
WHITENOISE_USE_FINDERS = True  # straight from static/: nothing to collect
# WhiteNoise's files are read in one go, and so may be.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "chatproject.formats"

CELERY_BROKER_URL = broker.url(REDIS_URL)
CELERY_BROKER_USE_SSL = broker.tls(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: the broker will come back
CELERY_TASK_DEFAULT_QUEUE = "chat"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # tasks may be done twice, and must not be lost with their worker
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "chatproject.beat:PunctualScheduler"
CELERY_WORKER_POOL = "chatproject.worker_pool:DaemonThreadPool"
CELERY_WORKER_CONCURRENCY = 8
# Who is busy leaves the rest to others. The embedded worker has none; unlimited (0), it takes tasks
# as they come, where a full one would look only when the loop of its thread turns.
CELERY_WORKER_PREFETCH_MULTIPLIER = 0 if EMBEDDED else 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# No paths (an invite's is a secret), no SQL (it holds messages), no frames, whatever the level;
# what libraries would put into their lines all the same, operations/logs.py takes out.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "chatproject.operations.logs.Discreet"}},
    "formatters": {
        "line": {
            "class": "chatproject.operations.logs.Lines",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"class": "chatproject.operations.logs.JsonLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["discreet"],
        },
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL.upper()},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL.upper(), "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "axes": {"level": "ERROR"},  # it warns of each wrong password
        "httpcore2": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},  # else it tells the URL of each request
        "channels_redis": {"level": "CRITICAL"},  # a traceback each second while Redis is away
        "psycopg": {"level": "ERROR"},  # it warns of each seq that another process took first
    },
}
