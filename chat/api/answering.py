"""The API itself: how it refuses, how it is described, and what it is made of."""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError
from ninja.errors import ValidationError as PathError
from ninja.openapi.schema import OpenAPISchema
from ninja.types import DictStrAny

from chat.accounts.answers import STATUS
from chat.api.told import shapes
from chat.http_api import SIGN_IN, refusal
from chat.protocol import VERSION, ChatError, Invalid, NotFound, Unauthenticated, Unavailable

DESCRIPTION = """What programs do over HTTP, under the same rules as over the WebSocket. A guide
with examples is docs/api.md of the project."""
NOTHING = "There is nothing here."
DOWN = "The server cannot store now. Try again."


class Api(NinjaAPI):
    besides: DictStrAny = {}
    """Paths that something else answers, as OpenAPI has them."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schema["paths"] |= self.besides
        schema["components"]["schemas"] |= shapes()
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


def make() -> Api:
    """The API without its operations."""
    api = Api(
        title="P2P Chat",
        version=str(VERSION),
        description=DESCRIPTION,
        docs=Swagger({"validatorUrl": None, "persistAuthorization": False}),
        urls_namespace="api",
    )
    api.add_exception_handler(ChatError, _refuse)
    api.add_exception_handler(
        AuthenticationError, lambda request, _: _refuse(request, Unauthenticated(SIGN_IN))
    )
    api.add_exception_handler(PathError, lambda request, _: _refuse(request, NotFound(NOTHING)))
    api.add_exception_handler(DatabaseError, lambda request, _: _refuse(request, Unavailable(DOWN)))
    api.add_exception_handler(Exception, _raise)
    return api


def urls(api: NinjaAPI) -> tuple[list[URLPattern | URLResolver], str, str]:
    """The operations' addresses, as Django's `path` takes them."""
    patterns, app, namespace = api.urls
    for pattern in cast(list[URLPattern], patterns):
        pattern.callback = _in_json(pattern.callback)
    return [*patterns, path("v1/<path:rest>", _nothing)], app, namespace


@csrf_exempt
def _nothing(request: HttpRequest, rest: str) -> HttpResponse:
    return _refuse(request, NotFound(NOTHING))


def _refuse(request: HttpRequest, error: Any) -> HttpResponse:
    return refusal(error, STATUS[error.code])


def _raise(request: HttpRequest, error: Any) -> HttpResponse:
    """To be logged and answered as all of Django's: by no traceback."""
    raise error


def _in_json(view: Any) -> Callable[..., HttpResponse]:
    """Have it refuse other methods as all else is refused, and nothing of it be kept by caches."""

    @never_cache
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in str(value) for value in kwargs.values()):  # not every database takes it
            return _refuse(request, NotFound(NOTHING))
        response = view(request, *args, **kwargs)
        return _other_method(response["Allow"]) if response.status_code == 405 else response

    return answer


def _other_method(allowed: str) -> HttpResponse:
    methods = sorted(allowed.split(", "))
    response = refusal(Invalid(f"The method must be {' or '.join(methods)}."), 405)
    response["Allow"] = ", ".join(methods)
    return response
