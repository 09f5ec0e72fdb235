"""A bot at the page: its answers grow, are stopped, fail and are tried again; its personalities.

The server asks a language model's server whose answers the tests hold by events.
"""

import re
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from playwright.sync_api import expect

from bots.models import Bot
from tests.bots.asking import add_bot
from tests.browser.elsewhere import elsewhere
from tests.browser.feeds import device, has_reported, has_subscribed
from tests.browser.stock import stock
from tests.browser.test_limits import too_weak
from tests.browser.test_looks import SIZES, fits, picture, too_small
from tests.browser.wire import Wire
from tests.chat import rooming
from tests.client import Client
from tests.server import Person, dm
from tests.services.llm import CUT, Call, call, fail, say

OPENAI = Person("openai", "")


@pytest.fixture(scope="module")
def office(module_server, llm_server):
    """A server whose bots have a model, and whose thermometer is silent while the tests run."""
    return module_server(
        OPENAI_BASE_URL=llm_server.url, OPENAI_API_KEY="sk-test", THERMOMETER_INTERVAL="100"
    )


@pytest.fixture
def server(office):
    return office


@pytest.fixture
def gate():
    """Holds an answer; at the end of the test nothing is held."""
    gate = Event()
    yield gate
    gate.set()


@pytest.fixture
def at_openai(visitor, alice, llm):
    """Alice's page, with the bot open."""

    def come(**options):
        a = visitor(alice, **options).visit()
        a.page.get_by_role("button", name="Chat with OpenAI").locator("visible=true").first.click()
        expect(personality(a, "Happy")).to_have_attribute("aria-pressed", "true")
        return a

    return come


def personality(a, title):
    return a.page.get_by_role("group", name="Personality").get_by_role("button", name=title)


def answers(a):
    return a.page.locator("#log .row.bot")


def growing(a):
    return a.page.locator("#log .row[aria-busy]")


def stop(a):
    return a.page.get_by_role("button", name="Stop", exact=True)


# ---- growing -------------------------------------------------------------------------------------


def test_one_asks_and_sees_the_answer_grow(at_openai, llm, gate):
    first = Event()
    llm.script("story", say(first, "Once upon ", gate, "a time.\nThe end."))
    a = at_openai()
    a.write("Tell me a story")
    expect(growing(a).locator(".body")).to_have_text("OpenAI is thinking …")
    said = a.page.locator("#answers-said")
    expect(said).to_have_text("OpenAI is writing.")
    first.set()
    expect(growing(a).locator(".body")).to_have_text("Once upon ")
    a.page.evaluate("window.grew = document.querySelector('#log [aria-busy]')")
    expect(growing(a)).to_have_attribute("aria-live", "off")
    gate.set()
    expect(growing(a)).to_have_count(0)
    expect(said).to_have_text("OpenAI: Once upon a time.\nThe end.")  # once, at its end
    a.sees("Tell me a story", "Once upon a time.\nThe end.")
    assert a.page.evaluate("grew === document.querySelector('#log .row.bot')")  # in its place
    expect(answers(a).locator(".label")).to_have_text("Happy")
    expect(stop(a)).to_be_hidden()


@pytest.mark.parametrize("end", ["remove", "close"])
def test_in_a_room_where_it_may_not_speak_any_more_nothing_grows(
    visitor, server, alice, llm, gate, end
):
    llm.script("secret", say("It is", gate))

    async def made(client: Client) -> str:
        room = await rooming.made(client)
        await rooming.done(client, "invite", room=room, user=OPENAI.name)
        return room

    async def over(client: Client) -> str:
        fields = {"user": OPENAI.name} if end == "remove" else {}
        await rooming.done(client, end, room=room, **fields)
        return room

    room = elsewhere(server, alice, made)
    a = visitor(alice).visit(f"/#{room}")
    a.write("@openai tell me a secret")
    expect(growing(a).locator(".body")).to_have_text("It is")
    elsewhere(server, alice, over)
    expect(growing(a)).to_have_count(0)


def test_what_a_model_says_is_text_alone(at_openai, llm):
    code = "if (a < b) {\n    <b>bold</b> & <img src=x onerror=alert(1)>\n}"
    llm.script("code", say(code))
    a = at_openai()
    a.write("Some code")
    expect(a.bodies.last).to_have_text(code)
    assert a.bodies.last.inner_text() == code  # lines and indents as they came
    assert a.page.locator("#log :is(b, img)").count() == 0
    a_word_with_a_colon_is_for_the_bot(a, llm)


def test_who_reads_further_up_stays_there(at_openai, llm, gate):
    lines = "\n".join(f"line {number}" for number in range(60))
    more = "\n".join(f"more {number}" for number in range(60))
    second = Event()
    llm.script("long", say(lines, gate, more, second, "the end"))
    a = at_openai()
    a.write("Something long")
    log = a.page.locator("#log")
    expect(growing(a)).to_contain_text("line 59")
    from_end = "log => log.scrollHeight - log.clientHeight - log.scrollTop"
    a.waits_until(lambda: log.evaluate(from_end) < 2)  # it follows
    log.hover()
    a.page.mouse.wheel(0, -500)
    a.waits_until(lambda: log.evaluate(from_end) > 498)  # where the wheel leads
    place = log.evaluate("log => log.scrollTop")
    gate.set()
    expect(growing(a)).to_contain_text("more 59")
    second.set()
    expect(growing(a)).to_have_count(0)
    expect(answers(a)).to_contain_text("the end")
    assert abs(log.evaluate("log => log.scrollTop") - place) <= 2


def test_a_reload_in_the_middle_loses_nothing(at_openai, llm, gate):
    more = Event()
    llm.script("reload", say("Before ", more, "the reload ", gate, "and after."))
    a = at_openai()
    a.write("Will you survive a reload?")
    expect(growing(a)).to_contain_text("Before ")
    a.page.reload()
    a.wait_online()
    more.set()
    expect(growing(a).locator(".body")).to_have_text("Before the reload ")
    gate.set()
    a.sees("Will you survive a reload?", "Before the reload and after.")
    expect(growing(a)).to_have_count(0)


def test_the_list_tells_of_an_answer_elsewhere(at_openai, llm, bob, gate):
    llm.script("elsewhere", say("Some ", gate, "words"))
    a = at_openai()
    a.write("I look elsewhere")
    expect(growing(a)).to_contain_text("Some ")
    a.open(bob)
    preview = a.entry("OpenAI").locator(".entry-preview")
    expect(preview).to_have_text("writing…")
    expect(stop(a)).to_be_hidden()
    gate.set()
    expect(preview).to_have_text("Some words")


def test_what_overtook_the_message_is_ignored(at_openai, alice, llm):
    llm.script("late", say("All of it"))
    a = at_openai()
    wire = Wire(a)
    a.page.reload()
    a.wait_online()
    a.write("Do not be late")
    a.sees("Do not be late", "All of it")
    expect(growing(a)).to_have_count(0)
    [question] = a.page.evaluate(QUESTIONS, dm(alice, OPENAI))
    about = {"type": "delta", "conversation": dm(alice, OPENAI), "sender": "openai"}
    wire.tell(**about, reply_to=question, text="All of")
    wire.tell(**about, reply_to="another", text="Another")
    a.sees("Do not be late", "All of it", "Another")


QUESTIONS = """async (id) => {
    const { state } = await import('/static/js/store.js');
    return state.conversations.get(id).run.filter((each) => !each.data).map((each) => each.id);
}"""


def test_an_answer_that_does_not_go_on_says_so_and_then_goes(at_openai, alice):
    a = at_openai()
    wire = Wire(a)
    a.page.clock.install()
    a.page.reload()
    a.wait_online()
    about = {"conversation": dm(alice, OPENAI), "sender": "openai", "reply_to": "a question"}
    wire.tell(type="delta", **about, text="And then")
    expect(growing(a).locator(".body")).to_have_text("And then")
    expect(growing(a).locator(".note")).to_have_count(0)
    a.page.clock.fast_forward(17_000)
    expect(growing(a).locator(".note")).to_have_text("This takes longer than usual.")
    a.page.clock.fast_forward(75_000)
    expect(growing(a)).to_have_count(0)
    expect(stop(a)).to_be_hidden()


# ---- stopping ------------------------------------------------------------------------------------


def test_stop_keeps_what_is_there(at_openai, llm, gate):
    llm.script("forever", say("On and ", gate, "on"))
    a = at_openai()
    wire = Wire(a)
    a.page.reload()
    a.wait_online()
    wire.refuse = later
    a.write("Go on forever")
    expect(growing(a)).to_contain_text("On and ")
    a.page.keyboard.press("Shift+Tab")
    expect(stop(a)).to_be_focused()
    a.page.keyboard.press("Enter")
    expect(a.box).to_be_focused()
    expect(a.page.locator(".writing span")).to_have_text("Stopping …")
    wire.refuse = lambda frame: None
    expect(growing(a)).to_have_count(0)
    expect(answers(a).locator(".body").first).to_have_text("On and ")
    expect(answers(a).locator(".note").first).to_have_text("Stopped")
    expect(a.page.locator("#log .row.own .body")).to_have_text(["Go on forever", "stop"])


def later(frame):
    """The word “stop” is on its way for long."""
    if frame.get("body") != "stop":
        return None
    return {"type": "error", "id": frame["id"], "code": "rate_limited", "retry_after": 0.2}


# ---- failing -------------------------------------------------------------------------------------


def test_a_failed_answer_says_why_and_keeps_what_came(at_openai, llm):
    """It can be tried again where that may help."""
    llm.script("Lucky", say(""), say("Now it works."))
    a = at_openai()
    a.write("Lucky?")
    failed = a.page.locator("#log .row.bot:has(.why)")
    expect(failed).to_have_count(1)
    expect(failed.locator(".why")).to_have_text("Not answered")
    failed.get_by_role("button", name="Try again").click()
    expect(a.bodies.last).to_have_text("Now it works.")
    expect(a.page.locator("#log .row.own .body")).to_have_text(["Lucky?", "Lucky?"])
    keeps_what_came_before_a_cut(a, failed.last, llm)
    does_not_try_again_what_would_fail_again(a, failed.last, llm)


def keeps_what_came_before_a_cut(a, failed, llm) -> None:
    llm.script("cut", say("Half of ", CUT))
    a.write("A cut")
    expect(failed.locator(".body")).to_have_text(re.compile(r"^Half of\s+The"))
    expect(failed.locator(".why")).to_have_text("Not finished")


def does_not_try_again_what_would_fail_again(a, failed, llm) -> None:
    llm.script("Locked", fail(401))
    a.write("Locked?")
    expect(failed.locator(".body")).to_contain_text("does not accept my key")
    expect(failed.get_by_role("button", name="Try again")).to_have_count(0)


# ---- personalities -------------------------------------------------------------------------------


def test_a_personality_is_chosen_and_stays(at_openai):
    a = at_openai()
    personality(a, "Angry").click()
    expect(personality(a, "Angry")).to_have_attribute("aria-pressed", "true")
    expect(personality(a, "Happy")).to_have_attribute("aria-pressed", "false")
    expect(answers(a).locator(".label")).to_have_text("Angry")
    a.write("personality spanish")
    expect(personality(a, "Spanish")).to_have_attribute("aria-pressed", "true")
    a.page.reload()
    a.wait_online()
    expect(personality(a, "Spanish")).to_have_attribute("aria-pressed", "true")
    a.write("Hola")
    expect(answers(a).locator(".label")).to_have_text(["Angry", "Spanish", "Spanish"])
    expect(a.page.locator(".usage")).to_contain_text("Today: 1 answer (")
    asks_back_before_it_forgets(a)


def test_the_card_says_why_a_bot_does_not_answer(visitor, shared_server):
    a = visitor(shared_server.person("alice"), server=shared_server).visit()
    a.page.get_by_role("button", name="Chat with OpenAI").first.click()
    expect(a.page.locator(".trouble")).to_contain_text("OpenAI is not connected")
    expect(a.page.locator(".trouble")).to_contain_text("OPENAI_API_KEY")
    expect(personality(a, "Happy")).to_be_visible()
    a.write("Are you there?")
    expect(a.page.locator("#log .row.bot .why")).to_have_text("Not answered")
    helper = Person(add_bot(shared_server, ""), "")
    a.open(helper)
    trouble = a.page.locator(".trouble")
    expect(trouble).to_contain_text("Helper is not connected to a model")
    expect(trouble).not_to_contain_text("OPENAI")
    shared_server.database.call(lambda: Bot.objects.filter(pk=helper.name).update(enabled=False))
    a.write("Are you there?")
    expect(trouble).to_have_text("Helper is switched off.")
    expect(a.page.get_by_role("toolbar", name="Commands")).to_be_hidden()
    expect(a.page.get_by_role("button", name="Try again")).to_have_count(0)


def a_word_with_a_colon_is_for_the_bot(a, llm) -> None:
    llm.script("translate", say("Guten Morgen"))
    a.write("translate: good morning")
    expect(a.bodies.last).to_have_text("Guten Morgen")
    a.write("thermometer1: are you there?")
    expect(a.page.get_by_role("button", name="to Thermometer 1", exact=True)).to_be_focused()


def asks_back_before_it_forgets(a) -> None:
    known = answers(a).count()
    a.page.get_by_role("button", name="Forget").click()
    dialog = a.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    a.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    a.page.get_by_role("button", name="Forget").click()
    dialog.get_by_role("button", name="Forget").click()
    expect(answers(a)).to_have_count(known + 1)
    expect(a.page.locator("#log .row.own .body").last).to_have_text("forget")


# ---- readings ------------------------------------------------------------------------------------


def test_a_cited_reading_is_a_link_to_its_place(at_openai, server, alice, llm):
    attic = device(server, "Attic", interval=60)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    noon = today - timedelta(hours=12)
    values = [(noon - (300 - each) * timedelta(minutes=1), 20 + each / 100) for each in range(300)]
    values[40] = (values[40][0], 3.25)  # beyond what a device's log begins with
    has_reported(server, attic, values)
    has_subscribed(server, alice, attic)
    asked = call(Call("readings", {"device": attic.name, "since": "48h"}))
    llm.script("coldest", asked, say("It was coldest with 3.25 °C."))
    a = at_openai(locale="en-GB", timezone_id="UTC")
    expect(a.entry("Attic")).to_be_visible()  # it is known by its title
    a.write("When was it coldest in the attic?")
    cited = a.page.get_by_role("list", name="Readings").get_by_role("button")
    expect(cited).to_have_text("Attic · 3.25 °C · Yesterday, 07:40")
    cited.click()
    expect(a.page.locator("#pane-title")).to_have_text("Attic")
    reading = a.page.locator("#log .reading.sought")
    expect(reading).to_contain_text("3.25 °C")
    expect(reading).to_be_in_viewport()
    expect(reading).to_be_focused()
    expect(a.page.locator("#log .reading")).to_have_count(11)  # itself, and those around it
    a.entry("OpenAI").click()
    expect(answers(a)).to_have_count(1)
    a.entry("Attic").click()
    expect(a.page.locator("#log .readings")).to_have_count(1)  # the newest, as always


# ---- looks ---------------------------------------------------------------------------------------


def has_talked(alice) -> None:
    """Of all that a bot says: whole, cited, stopped and failed answers."""
    from chat.models import Message

    reading = {"device": "thermometer1", "seq": 1, "value": 21.4, "unit": "°C"}
    at = f"{datetime.now(UTC) - timedelta(hours=2):%Y-%m-%dT%H:%M:%S}.000Z"
    data: list[dict] = [
        {"persona": "happy", "readings": [{**reading, "at": at}]},
        {"persona": "angry", "command": "personality"},
        {"persona": "angry", "stopped": True},
        {"persona": "angry", "error": "overloaded"},
    ]
    talk = list(Message.objects.filter(conversation=dm(alice, OPENAI)).order_by("seq"))
    for question, answer, its in zip(talk[::2], talk[1::2], data, strict=True):
        answer.data = {"reply_to": question.id} | its
        answer.save()


def busy(server, alice) -> None:
    lines = [
        (alice, "How warm is it outside?"),
        (OPENAI, "A lovely 21.4 °C! Perfect for a walk, don't you think?"),
        (alice, "personality angry"),
        (OPENAI, "Fine. FINE! Angry it is. What do you want?"),
        (alice, "Explain everything"),
        (OPENAI, "Everything?! First, there was nothing. Then it exploded, of course, and"),
        (alice, "And in short?"),
        (OPENAI, "The model is overloaded; please try again in a minute."),
    ]
    begin = datetime.now(UTC) - timedelta(minutes=8)
    stock(server, alice, OPENAI, lines, begin=begin)
    server.database.call(lambda: has_talked(alice))


@pytest.mark.parametrize("size", SIZES)
def test_a_bot_can_be_looked_at(visitor, server, llm, gate, size):
    phone = size == "390x844"
    alice = server.person("alice", title="Alice")
    a = visitor(
        alice, viewport=SIZES[size], has_touch=phone,
        locale="en-GB", timezone_id="Europe/Berlin",
    ).visit()  # fmt: skip
    entry = a.page.get_by_role("button", name="Chat with OpenAI").locator("visible=true").first
    expect(entry).to_be_visible()
    picture(a.page, "bot-entry", size)
    fits(a.page)
    busy(server, alice)
    llm.script("loop", say("for each in range(3):\n    print(each)\n", gate))
    a.page.reload()
    a.wait_online()
    entry.click()
    a.write("Write a loop, please")
    expect(growing(a)).to_contain_text("print")
    expect(personality(a, "Happy")).to_be_visible()
    picture(a.page, "bot", size)
    fits(a.page)
    assert not phone or too_small(a.page) == []
    assert too_weak(a.page, least=20) == []


def test_all_is_reached_by_keyboard(at_openai, server, alice, llm, gate):
    busy(server, alice)
    llm.script("held", say("Some words", gate))
    a = at_openai()
    a.write("Be held")
    expect(growing(a)).to_contain_text("Some words")
    a.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    stops: list[str] = []
    while not stops or stops[-1] != "Message":
        a.page.keyboard.press("Tab")
        stops.append(a.page.evaluate(NAMED))
        assert len(stops) <= 8, stops
    assert stops[-4:] == ["Angry", "row", "Stop", "Message"]


NAMED = """() => {
    const { id, classList, textContent } = document.activeElement;
    if (id === 'box') return 'Message';
    return classList.contains('row') ? 'row' : textContent.trim();
}"""
