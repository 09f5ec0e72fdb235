"""“Check stored messages”: what came while nobody was there, gray and labelled."""

from playwright.sync_api import expect

from tests.browser.stock import stock

GRAY = "rgb(230, 232, 235)"


def test_stored_messages_are_shown_gray_and_labelled(visitor, server, alice, bob, charlie):
    stock(server, alice, bob, [(bob, "from Bob")], read=False)
    stock(server, alice, charlie, [(charlie, "from Charlie"), (alice, "own")], read=False)
    a = visitor(alice).visit()
    a.page.get_by_role("button", name="Check stored messages").click()
    a.sees("from Bob", "from Charlie")
    expect(a.marks).to_have_text(["stored", "stored"])
    color = a.page.locator("#log .bubble").first.evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert color == GRAY
    a.page.get_by_role("log").get_by_role("button", name=charlie.name).click()
    a.sees("from Charlie", "own")
    expect(a.marks.first).to_have_text("stored")


def test_the_sender_learns_that_stored_messages_were_received(visitor, server, alice, bob):
    b = visitor(bob).visit()
    b.open(alice)
    b.write("Hello")
    expect(b.marks).to_have_text(["Sent"])
    a = visitor(alice).visit()
    a.page.get_by_role("button", name="Check stored messages").click()
    a.sees("Hello")
    expect(b.marks).to_have_text(["Received"])


def test_all_that_is_stored_can_be_seen_page_by_page(visitor, server, alice, bob):
    texts = [f"stored {number}" for number in range(250)]
    stock(server, alice, bob, [(bob, text) for text in texts], read=False)
    a = visitor(alice).visit()
    a.page.get_by_role("button", name="Check stored messages").click()
    more = a.page.get_by_role("button", name="Show more")
    for count in (101, 201):
        expect(a.bodies).to_have_count(count)
        more.click()
    expect(a.bodies).to_have_count(250)
    expect(more).to_have_count(0)
    assert a.bodies.all_text_contents() == texts


def test_where_nothing_is_stored_it_says_so(visitor, alice):
    a = visitor(alice).visit()
    a.page.get_by_role("button", name="Check stored messages").click()
    expect(a.page.locator("#log")).to_contain_text("Nothing is stored for you")
