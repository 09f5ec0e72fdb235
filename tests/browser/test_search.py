"""Searching in the page, and going to what was found wherever it stands."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.elsewhere import edits, elsewhere
from tests.browser.test_history import FIRST_ROW, MOST, TOP_OF
from tests.browser.test_limits import too_weak
from tests.browser.visitor import PHONE, Visitor, arrive
from tests.client import Client, Frame
from tests.server import Person, Server, dm
from tests.waiting import until_awaited

COUNT = 600
NEEDLE = 200
SNIPPET = """
    ([body, terms, begun]) => import('/static/js/search/highlighting.js').then(
      ({ snippet }) => snippet(body, terms, () => begun)
        .map(([text, hit]) => hit ? `[${text}]` : text).join(''))
"""


def says(server: Server, person: Person, to: Person, bodies: list[str]) -> list[Frame]:
    """They are said, and can be found by their words."""

    async def act(client: Client) -> list[Frame]:
        messages = await client.send_texts(to.name, bodies)
        query = f'in:{messages[-1]["conversation"]} "{bodies[-1]}"'

        async def is_found() -> bool:
            return bool((await client.request("search", query=query, limit=1)).get("messages"))

        await until_awaited(is_found)
        return messages

    return elsewhere(server, person, act)


@pytest.fixture
def long_talk(server, alice, bob) -> list[Frame]:
    lines = [f"line {number}" for number in range(COUNT)]
    lines[NEEDLE] = f"line {NEEDLE} has a needle in it"
    return says(server, bob, alice, lines)


def search(page: Visitor, text: str) -> Locator:
    """Search by keyboard; gives the results."""
    page.page.keyboard.press("Control+k")
    field = page.page.get_by_role("combobox", name="Search messages")
    expect(field).to_be_focused()
    field.fill(text)
    return page.page.get_by_role("listbox", name="Messages found").get_by_role("option")


def numbers(page: Visitor) -> list[int]:
    return [int(text.split()[1]) for text in page.bodies.all_text_contents()]


def scroll_to(page: Visitor, where: str) -> None:
    page.page.locator("#log").evaluate(f"log => {{ log.scrollTop = {where}; }}")


def there(page: Visitor) -> Locator:
    """The message with the needle. That it stands out as found lasts four seconds."""
    return page.page.locator(f'#log [data-seq="{NEEDLE + 1}"]')


def test_what_was_found_is_shown_among_what_was_said_around_it(visitor, long_talk, alice, bob):
    a = visitor(alice).visit()
    hits = search(a, "needle")
    expect(hits).to_have_count(1)
    expect(hits.locator("mark")).to_have_text("needle")
    expect(hits).to_contain_text(bob.name)
    a.page.keyboard.press("ArrowDown")
    expect(hits).to_have_attribute("aria-selected", "true")
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#log .row.found")).to_contain_text("needle")
    expect(there(a)).to_be_in_viewport()
    expect(there(a)).to_be_focused()
    assert len(numbers(a)) < COUNT
    jump = a.page.locator("#jump")
    expect(jump).to_be_visible()
    jump.click()
    expect(a.bodies.last).to_have_text(f"line {COUNT - 1}")
    expect(a.bodies.last).to_be_in_viewport()
    expect(jump).to_be_hidden()
    assert "/" not in a.page.url.partition("#")[2]


def test_from_there_one_reads_on_in_both_directions_without_a_jump(visitor, long_talk, alice, bob):
    a = visitor(alice).visit(f"/#{dm(alice, bob)}/{NEEDLE + 1}")
    expect(there(a)).to_be_focused()
    expect(there(a)).to_be_in_viewport()
    shifts = []
    for where, last in (("0", 0), ("log.scrollHeight", COUNT - 1)):
        while last not in (shown := numbers(a)):
            count = len(shown)
            scroll_to(a, where)
            seen = a.page.evaluate(FIRST_ROW)
            expect(a.bodies).not_to_have_count(count)
            shifts.append(abs(a.page.evaluate(TOP_OF, seen["body"]) - seen["top"]))
    assert len(shifts) >= 4
    assert max(shifts) <= MOST
    assert numbers(a) == list(range(COUNT))
    scroll_to(a, "log.scrollHeight")
    expect(a.page.locator("#jump")).to_be_hidden()
    a.write("line 600 is new")
    expect(a.bodies.last).to_have_text("line 600 is new")
    expect(a.bodies.last).to_be_in_viewport()


def test_the_past_is_kept_up_and_the_present_waits(visitor, server, long_talk, alice, bob):
    a = visitor(alice).visit(f"/#{dm(alice, bob)}/{NEEDLE + 1}")
    expect(there(a)).to_be_focused()
    says(server, bob, alice, ["line 600 is news"])
    elsewhere(server, bob, lambda client: edits(client, long_talk[NEEDLE], "line 200 was edited"))
    expect(there(a)).to_contain_text("line 200 was edited")
    assert COUNT not in numbers(a)
    expect(a.page.locator("#jump")).to_contain_text("new")
    a.page.locator("#jump").click()
    expect(a.bodies.last).to_have_text("line 600 is news")
    a.page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    a.write("line 601 is an answer")
    expect(a.bodies.last).to_be_in_viewport()


def test_what_one_comes_past_on_the_way_is_not_read(visitor, long_talk, alice, bob):
    a = visitor(alice).visit()
    search(a, "needle").click()
    expect(there(a)).to_be_focused()
    unread = a.entry(bob.name).locator(".badge")
    expect(unread).to_contain_text("99+ unread")
    a.page.locator("#jump").click()
    expect(a.bodies.last).to_be_in_viewport()
    expect(unread).to_be_hidden()


def test_who_went_elsewhere_is_not_led_to_it_later(
    visitor, server, relay, long_talk, alice, bob, charlie
):
    a = visitor(alice, origin=f"http://127.0.0.1:{relay.port}")
    a.visit(f"/#{dm(alice, bob)}/{NEEDLE + 1}")
    expect(there(a)).to_be_focused()
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    a.page.evaluate(f"() => {{ location.hash = '#{dm(alice, bob)}/50'; }}")
    expect(a.bodies.last).to_have_text(f"line {COUNT - 1}")
    a.open(charlie)
    expect(a.bodies).to_have_count(0)
    a.entry(bob.name).click()
    relay.mend()
    a.wait_online()
    says(server, bob, alice, ["line 600 is news"])
    expect(a.bodies.last).to_have_text("line 600 is news")
    expect(a.bodies.last).to_be_in_viewport()
    assert 49 not in numbers(a)


def test_a_link_to_what_is_not_there_says_so(visitor, long_talk, alice, bob):
    a = visitor(alice)
    a.page.goto(f"{a.origin}/#{dm(alice, bob)}/4000")  # not `visit`: there is soon a complaint
    expect(a.bar).to_contain_text("This message is not there any more")
    expect(a.bodies.last).to_have_text(f"line {COUNT - 1}")


def test_more_is_found_on_scrolling_and_shown_as_text(visitor, server, alice, bob, charlie):
    says(server, bob, alice, [f"apple {number}" for number in range(45)])
    says(server, charlie, alice, ["<b>apple</b> & <img src=x>"])
    a = visitor(alice).visit()
    hits = search(a, "apple")
    expect(hits.first).to_contain_text("<b>apple</b> & <img src=x>")
    expect(hits.first.locator("mark")).to_have_text("apple")
    while (count := hits.count()) < 46:
        hits.last.scroll_into_view_if_needed()
        expect(hits).not_to_have_count(count)
    expect(a.page.get_by_text("That is all.")).to_be_visible()
    expect(a.page.locator(".side")).to_have_js_property("inert", True)
    a.page.keyboard.press("Escape")
    expect(a.box).to_be_focused()
    a.entry(bob.name).click()
    a.page.keyboard.press("Control+k")
    a.page.get_by_label(f"Only in {bob.name}").check()
    expect(hits.first).to_contain_text("apple 44")


def test_words_phrases_filters_and_what_is_wrong_with_them(visitor, server, relay, alice, bob):
    says(server, bob, alice, ["The old garden", "the garden is old", "gardening for beginners"])
    a = visitor(alice, origin=f"http://127.0.0.1:{relay.port}").visit()
    expect(search(a, "garden")).to_have_count(3)  # a word that is being typed may go on
    hits = search(a, '"old garden"')
    expect(hits).to_have_count(1)
    expect(hits.locator("mark")).to_have_text("old garden")
    expect(search(a, f"garden from:{bob.name}")).to_have_count(2)
    expect(search(a, "nothing like this")).to_have_count(0)
    expect(a.page.get_by_text("Nothing was found.")).to_be_visible()
    search(a, "before:yesterday")
    trouble = a.page.locator(".search .trouble")
    expect(trouble).to_contain_text("must be a day, as before:2026-11-01")
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    hits = search(a, "beginners")
    expect(trouble).to_contain_text("There is no connection")
    relay.mend()
    expect(hits).to_have_count(1)
    expect(trouble).to_have_count(0)


def test_a_slash_opens_it_and_escape_returns(visitor, alice, bob):
    a = visitor(alice).visit()
    a.open(bob)
    a.write("a/b and /c")
    a.sees("a/b and /c")
    row = a.page.locator("#log .row")
    row.focus()
    a.page.keyboard.press("/")
    field = a.page.get_by_role("combobox", name="Search messages")
    expect(field).to_be_focused()
    a.page.get_by_role("button", name="from:").click()
    expect(field).to_have_value("from:")
    expect(a.page.get_by_role("button", name="in:#lobby")).to_be_visible()
    expect(field).to_be_focused()
    a.page.keyboard.press("Escape")
    expect(row).to_be_focused()
    expect(field).to_be_hidden()


def test_to_leads_to_the_search(visitor, server, alice, bob):
    says(server, bob, alice, ["the umbrella is here"])
    a = visitor(alice).visit()
    a.page.get_by_label("To:").fill("umbrella")
    expect(a.entries.last).to_contain_text("Search all messages")
    a.entries.last.click()
    field = a.page.get_by_role("combobox", name="Search messages")
    expect(field).to_have_value("umbrella")
    expect(field).to_be_focused()
    hits = a.page.get_by_role("listbox", name="Messages found").get_by_role("option")
    expect(hits).to_have_count(1)


def test_on_a_phone_back_leads_to_the_results_and_out(visitor, long_talk, alice, bob):
    a = visitor(alice, viewport=PHONE, has_touch=True, is_mobile=True).visit()
    a.page.get_by_role("button", name="Search").tap()
    panel = a.page.get_by_role("search")
    field = a.page.get_by_role("combobox", name="Search messages")
    expect(field).to_be_focused()
    assert panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    targets = panel.locator("button:visible, input:visible")
    heights = targets.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 44
    field.fill("needle")
    panel.get_by_role("option").tap()
    expect(there(a)).to_be_focused()
    expect(there(a)).to_be_in_viewport()
    expect(panel).to_be_hidden()
    a.page.get_by_role("button", name="Back to the conversations").tap()
    expect(panel.get_by_role("option")).to_be_visible()
    a.page.go_back()
    expect(panel).to_be_hidden()
    a.entry(bob.name).tap()
    a.page.locator("#pane-head .find").tap()
    panel.get_by_role("option").tap()
    expect(there(a)).to_be_focused()
    expect(there(a)).to_be_in_viewport()
    a.page.get_by_role("button", name="Back to the conversations").tap()
    expect(a.entry(bob.name)).to_be_visible()
    expect(panel).to_be_hidden()


def test_every_text_has_contrast(visitor, server, alice, bob):
    """Of results, a menu and an editor."""
    said, _ = says(server, alice, bob, ["an apple", "a pear"])
    elsewhere(server, alice, lambda client: edits(client, said, "an apple tree"))
    a = visitor(alice).visit()
    search(a, "")
    weak = too_weak(a.page)
    hits = search(a, "pear")
    expect(hits).to_have_count(1)
    a.page.keyboard.press("ArrowDown")
    weak += too_weak(a.page, least=10)
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#log .row").last).to_be_focused()
    a.page.keyboard.press("ArrowUp")
    expect(a.page.locator("#log .act")).to_be_visible()
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_role("menuitem")).to_have_count(4)
    weak += too_weak(a.page, least=10)
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_label("Edit the message")).to_be_focused()
    search(a, "before:yesterday")
    expect(a.page.locator(".search .trouble")).to_be_visible()
    assert weak + too_weak(a.page, least=10) == []


@pytest.mark.parametrize(
    ("body", "terms", "begun", "shown"),
    [
        ("A garden. Gardens!", ["garden"], False, "A [garden]. Gardens!"),
        ("A garden. Gardens!", ["garden"], True, "A [garden]. [Gardens]!"),
        ("Für Zoë’s café", ["fur", "CAFE"], False, "[Für] Zoë’s [café]"),
        ("e-mail, E - Mail; email", ["e-mail"], False, "[e-mail], [E - Mail]; email"),
        ("東京都に行く", ["京都"], False, "東[京都]に行く"),
        ("one\n\ntwo", ["one two"], False, "[one two]"),
        ("no hit", ["other"], False, "no hit"),
        ("no term", [], False, "no term"),
        (f"{'word ' * 60}end", ["end"], False, f"… {'word ' * 7}[end]"),
        (f"{'x' * 300} end", ["end"], False, f"… {'x' * 39} [end]"),
        (f"start {'word ' * 60}", ["start"], False, f"[start] {'word ' * 38}word …"),
    ],
)
def test_hits_are_marked_as_the_server_finds_them(looker, body, terms, begun, shown):
    assert looker.page.evaluate(SNIPPET, [body, terms, begun]) == shown


@pytest.fixture(scope="module")
def looker(browser, shared_server):
    """One page for all that is only computed."""
    one = arrive(browser, shared_server, shared_server.person("looker")).visit()
    yield one
    one.context.close()
