"""Whatever a message says, it stays text."""

from playwright.sync_api import expect

from tests.browser.elsewhere import says

HOSTILE = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<b onclick=alert(1)>bold</b> &lt;i&gt; &amp;",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    'https://example.org/"onmouseover="alert(1)',
    "{{ 7*7 }} ${7*7} <svg/onload=alert(1)>",
    "\u202edesrever\u202c and \u2066isolated\u2069",
]


def test_hostile_bodies_stay_text(visitor, server, alice, bob):
    says(server, alice, bob, *HOSTILE)
    b = visitor(bob).visit()
    b.entry(alice.name).click()
    b.sees(*HOSTILE)
    assert b.page.locator("#log .body :not(a)").count() == 0
    assert b.page.locator("#list script, #list img, #list b").count() == 0
    expect(b.page.locator("#log .body a")).to_have_count(1)  # links come a moment later
    addresses = b.page.locator("#log .body a").evaluate_all("links => links.map(a => a.href)")
    assert addresses == ["https://example.org/"]
    b.page.reload()
    b.sees(*HOSTILE)
    expect(b.page).to_have_title("P2P Chat")


def test_hostile_display_names_stay_text(visitor, server, alice):
    title = "<img src=x onerror=alert(1)>"
    mallory = server.person("mallory", title=title)
    a, m = visitor(alice).visit(), visitor(mallory).visit()
    expect(m.page.locator(".me bdi")).to_have_text(title)
    m.open(alice)
    m.write("Hello")
    a.entry(title).click()
    expect(a.page.locator("#pane-title")).to_have_text(title)
    expect(a.page.locator("#log .name")).to_have_text(title)
    assert a.page.locator("img").count() == 0


ADDRESSES = [
    ("see https://example.org/a?b=c#d.", "https://example.org/a?b=c#d", "."),
    ("(https://example.org/x_(y))", "https://example.org/x_(y)", ")"),
    ("“http://example.org”, he said", "http://example.org/", "”, he said"),
    ("http://[::1]:8000/path!", "http://[::1]:8000/path", "!"),
]
ABOUT_LINKS = """links => links.map(link =>
    [link.href, link.nextSibling.textContent, link.rel, link.target])"""


def test_addresses_become_links(visitor, alice):
    a = visitor(alice).visit()
    a.open(alice)
    for text, _, _ in ADDRESSES:
        a.write(text)
    a.sees(*(text for text, _, _ in ADDRESSES))
    links = a.page.locator("#log .body a")
    expect(links).to_have_count(len(ADDRESSES))
    assert links.evaluate_all(ABOUT_LINKS) == [
        [address, rest, "noopener noreferrer nofollow", "_blank"] for _, address, rest in ADDRESSES
    ]


def test_line_breaks_are_kept_and_long_words_wrap(visitor, alice):
    a = visitor(alice, viewport={"width": 390, "height": 844}).visit()
    a.open(alice)
    a.box.fill("first\nsecond")
    a.box.press("Shift+Enter")
    a.page.keyboard.type("third")
    a.box.press("Enter")
    a.write("x" * 500)
    expect(a.bodies).to_have_count(2)
    assert a.bodies.first.inner_text() == "first\nsecond\nthird"
    assert a.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert a.page.locator("#log").evaluate("log => log.scrollWidth <= log.clientWidth")


def test_a_message_that_is_too_long_is_kept_and_explained(visitor, alice):
    a = visitor(alice).visit()
    a.open(alice)
    a.write("x" * 10_001)
    expect(a.bar).to_contain_text("10000 characters; this one has 10001")
    expect(a.box).to_have_value("x" * 10_001)
    expect(a.bodies).to_have_count(0)
    a.write("🙂" * 10_000)
    expect(a.bodies).to_have_count(1)
