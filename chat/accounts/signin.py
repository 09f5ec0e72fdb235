"""Is this the password? Asked by the form, the API and the account page, throttled alike."""

from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from chat import revocation
from chat.accounts import pending, throttle
from chat.models import Account
from chat.names import normalise
from chat.protocol import ChatError, Forbidden, Unauthenticated

BACKEND = "django.contrib.auth.backends.ModelBackend"


def verify(request: HttpRequest, name: str, password: str) -> Account:
    """The account, if this is its password and it may sign in.

    Raises RateLimited (too many failures for this name from this address), Forbidden
    (suspended) or Unauthenticated. A name that does not exist takes as long as one that does.
    """
    name = normalise(name)
    account = authenticate(request, username=name, password=password)
    if throttle.was_locked_out(request):
        raise throttle.locked_out(request, name)
    if account is None:
        raise _reason(name, password)
    throttle.forget_failures(request, account)
    return account


def _reason(name: str, password: str) -> ChatError:
    account = Account.objects.filter(name=name).first()
    if account is not None and account.deleted_at is not None:
        return Unauthenticated(
            f"The name “{name}” is no longer available: its account was deleted."
        )
    if account is not None and not account.is_active and account.check_password(password):
        return Forbidden("This account is suspended. Ask who runs this server.")
    return Unauthenticated("Wrong name or password.")


def begin_session(request: HttpRequest, account: Account) -> None:
    """Sign the browser in, under a new session key; sockets of the old key are closed."""
    pending.forget(request.session)  # and with it that the session is a short one
    before = request.session.session_key
    login(request, account, backend=BACKEND)
    if before and before != request.session.session_key:
        revocation.session_ended(before)
