"""A new display name reaches those whom it concerns, at once."""

from tests.chat.test_signout import post
from tests.server import dm


async def test_a_new_title_reaches_the_partner_and_those_who_see_one_online(
    server, alice, bob, charlie
):
    async with (
        server.connect(alice),
        server.connect(bob) as his,
        server.connect(charlie) as outsider,
    ):
        await his.send_text(alice.name, "hello")
        answer = await post(server, "/account/title/", server.session(alice), title="Alice Liddell")
        assert answer == 302
        shown = await his.expect("conversation", conversation={"title": "Alice Liddell"})
        assert (shown["conversation"]["id"], shown["conversation"]["last_seq"]) == (
            dm(alice, bob),
            1,
        )
        people = {"name": alice.name, "title": "Alice Liddell", "online": True}
        while True:
            told = (await outsider.expect("presence"))["people"]
            if any(people.items() <= person.items() for person in told):
                break
        await outsider.nothing("conversation")
