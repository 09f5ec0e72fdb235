"""Small exports of Rocket.Chat."""

from tests.chat.transfer.boxing import Files, json_lines


def noted(ts: str, username: str, msg: str, **fields: object) -> dict[str, object]:
    return {"msg": msg, "username": username, "ts": ts, **fields}


GENERAL = json_lines(
    noted("2024-05-01T08:00:00.123Z", "alice", "hello"),
    noted("2024-05-01T08:00:01.000Z", "User_2", "Has joined the channel.", type="uj"),
    noted("2024-05-01T08:00:02.000Z", "User_2", "", attachments=[
        {"title": "plan.pdf", "url": "/file-upload/1/plan.pdf", "remote": False}]),
)  # fmt: skip


def own_data() -> Files:
    """Of Alice: others have no names."""
    return {
        "user.json": {"username": "alice", "name": "Alice L."},
        "channels.json": json_lines(
            {"roomId": "GENERAL", "roomName": "general", "type": "c"},
            {"roomId": "d1d2", "roomName": "d1d2", "type": "d"},
            {"roomId": "p1", "roomName": "secret", "type": "p"},
            {"roomId": "gone", "roomName": "gone", "type": "c"},
        ),
        "general.json": GENERAL,
        "d1d2.json": json_lines(noted("2024-05-02T08:00:00.000Z", "User_3", "just us"),
                                noted("2024-05-02T08:00:01.000Z", "alice", "yes")),
        "secret.json": json_lines(noted("2024-05-02T09:00:00.000Z", "User_2", "psst")),
        "assets/1-plan.pdf": "%PDF",
    }  # fmt: skip
