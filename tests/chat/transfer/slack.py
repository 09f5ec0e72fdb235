"""A small workspace, as Slack exports it."""

from tests.chat.transfer.boxing import Files

USERS: list[dict[str, object]] = [
    {"id": "U1", "name": "alice", "real_name": "Alice L.", "profile": {"real_name": "Alice L."}},
    {"id": "U2", "name": "bob", "profile": {"display_name": "Bob"}, "deleted": True},
    {"id": "U3", "name": "Charlie.X", "profile": {}},
]
DAY = "2024-05-01.json"


def message(ts: str, user: str | None, text: str, **fields: object) -> dict[str, object]:
    return {"type": "message", "ts": ts, "user": user, "text": text, **fields}


def workspace(**more: object) -> Files:
    return {
        "users.json": USERS,
        "channels.json": [
            {"id": "C1", "name": "general", "creator": "U2", "is_archived": False,
             "members": ["U1", "U2"], "topic": {"value": "all"}},
            {"id": "C2", "name": "old-things", "creator": "U1", "is_archived": True,
             "members": ["U1"]},
        ],
        "groups.json": [{"id": "G1", "name": "secret", "creator": "U1", "members": ["U1", "U3"]}],
        "dms.json": [{"id": "D1", "created": 1, "members": ["U1", "U2"]}],
        "mpims.json": [{"id": "M1", "name": "mpdm-alice--bob--charlie.x-1",
                        "members": ["U1", "U2", "U3"]}],
        f"general/{DAY}": [
            message("1714550405.000200", "U2", "a reply", thread_ts="1714550400.000100"),
            message("1714550400.000100", "U1", "Hey <@U2>, see <#C1|general> &amp; &lt;b&gt;",
                    thread_ts="1714550400.000100", reply_count=1,
                    edited={"user": "U1", "ts": "1714550410.000000"}),
        ],
        "general/2024-05-02.json": [
            message("1714636800.000000", "U3", "<@U3> has joined the channel",
                    subtype="channel_join"),
            message("1714636801.000000", None, "", subtype="bot_message", bot_id="B1",
                    username="Build Bot", attachments=[{"title": "Build 7",
                    "title_link": "https://ci.example/7", "text": "failed", "fallback": "no"}]),
            message("1714636802.000000", "U1", "", files=[
                {"name": "plan.pdf", "permalink": "https://files.example/plan"}]),
            message("1714636803.000000", "U1", "", subtype="tombstone"),
        ],
        f"D1/{DAY}": [message("1714550500.000000", "U2", "just us")],
        f"mpdm-alice--bob--charlie.x-1/{DAY}": [message("1714550600.000000", "U3", "we three")],
        **more,
    }  # fmt: skip
