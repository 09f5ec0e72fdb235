"""`manage.py account …`, and Django's own createsuperuser."""

import io

import pytest
from django.core.management import CommandError, call_command

from chat.accounts import endings, tokens
from chat.management.commands import account as command
from chat.models import Account, Token
from chat.models.token import digest_of
from tests.chat.accounts.conftest import PASSWORD
from tests.people import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ended", "committing")]


def run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("account", *arguments, stdout=said, no_color=True)
    return said.getvalue().strip()


@pytest.fixture
def typed(monkeypatch):
    """`typed("first", "second")`: what is typed at the prompts, one after the other."""

    def script(*answers: str) -> None:
        prompts = iter(answers)
        monkeypatch.setattr(command.getpass, "getpass", lambda prompt: next(prompts))
        monkeypatch.setattr(command.sys, "stdin", io.StringIO())
        monkeypatch.setattr(command.sys.stdin, "isatty", lambda: True)

    return script


@pytest.fixture
def piped(monkeypatch):
    def pipe(text: str) -> None:
        monkeypatch.setattr(command.sys, "stdin", io.StringIO(text))

    return pipe


def test_add_asks_for_the_password(typed):
    typed(PASSWORD, PASSWORD)
    assert run("add", "Dora", "--title", "Dora D.") == "Made the account dora."
    account = Account.objects.get(name="dora")
    assert account.check_password(PASSWORD)
    assert account.title == "Dora D."
    assert not account.is_staff


def test_add_reads_the_password_from_standard_input(piped):
    piped(f"{PASSWORD}\nmore\n")
    run("add", "root", "--admin", "--password-stdin")
    account = Account.objects.get(name="root")
    assert account.check_password(PASSWORD)
    assert account.is_superuser
    assert account.is_staff


def test_add_works_whatever_registration_says(piped, settings):
    settings.REGISTRATION = "closed"
    piped(PASSWORD)
    run("add", "dora", "--password-stdin")
    assert Account.objects.filter(name="dora").exists()


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (["add", "openai"], PASSWORD, "reserved"),
        (["add", "do ra"], PASSWORD, "1 to 32"),
        (["add", "alice"], PASSWORD, "taken"),
        (["add", "dora", "--title", "x" * 41], PASSWORD, "40"),
        (["add", "dora", "--title", "a\nb"], PASSWORD, "one line"),
        (["add", "dora"], "short", "at least 8"),
        (["add", "dora"], "", "at least 8"),
        (["password", "alice"], "alice", "too similar"),
        (["password", "nobody"], PASSWORD, "no account “nobody”"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changed(alice, piped, arguments, password, said):
    piped(password)
    before = list(Account.objects.values())
    with pytest.raises(CommandError, match=said):
        run(*arguments, "--password-stdin")
    assert list(Account.objects.values()) == before


def test_two_different_passwords_make_no_account(typed):
    typed(PASSWORD, "something else 9")
    with pytest.raises(CommandError, match="not the same"):
        run("add", "dora")
    assert not people().exists()


def test_without_a_terminal_it_says_what_to_do(piped):
    piped("")
    with pytest.raises(CommandError, match="--password-stdin"):
        run("add", "dora")


def test_a_new_password_ends_what_is_signed_in(alice, browser_of, piped, ended):
    browser = browser_of(alice)
    tokens.issue(alice)
    piped("a horse of another colour")
    run("password", "Alice", "--password-stdin")
    alice.refresh_from_db()
    assert alice.check_password("a horse of another colour")
    assert browser.get("/account/").status_code == 302
    assert not Token.objects.exists()
    assert ended["account"] == ["alice"]


def test_djangos_changepassword_ends_as_much(alice, typed, ended):
    tokens.issue(alice)
    typed(*["a horse of another colour"] * 2)
    call_command("changepassword", "alice", stdout=io.StringIO())
    alice.refresh_from_db()
    assert alice.check_password("a horse of another colour")
    assert not Token.objects.exists()
    assert ended["account"] == ["alice"]


def test_suspend_and_resume(alice, ended):
    assert "within 30 s" in run("suspend", "alice")
    alice.refresh_from_db()
    assert not alice.is_active
    assert ended["account"] == ["alice"]
    run("resume", "alice")
    alice.refresh_from_db()
    assert alice.is_active


def test_a_token_is_printed_alone(alice):
    printed = run("token", "alice", "--label", "kitchen")
    token = Token.objects.get()
    assert (token.digest, token.label) == (digest_of(printed), "kitchen")


@pytest.mark.parametrize("label", ["", " ", "x" * 101, "a\nb"])
def test_a_token_needs_a_label_of_one_line(alice, label):
    with pytest.raises(CommandError):
        run("token", "alice", "--label", label)
    assert not Token.objects.exists()


@pytest.mark.parametrize("arguments", [["suspend"], ["resume"], ["token", "--label", "x"]])
def test_a_deleted_account_stays_deleted(alice, arguments):
    endings.delete(alice)
    with pytest.raises(CommandError, match="deleted"):
        run(arguments[0], "alice", *arguments[1:])
    alice.refresh_from_db()
    assert not alice.is_active


def test_djangos_createsuperuser_works(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", name="root", interactive=False, verbosity=0)
    account = Account.objects.get(name="root")
    assert account.is_superuser
    assert account.check_password(PASSWORD)
    with pytest.raises(CommandError):
        call_command("createsuperuser", name="root", interactive=False, verbosity=0)
