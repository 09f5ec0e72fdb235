"""A language model's server in OpenAI's shape: what it says is scripted, or else it echoes.

    with LLM() as llm:                                # or the fixture `llm`
        environment = {"OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": "sk-test"}

Without a script it answers “You said: …”. A script is for the questions (the last message of a
user) that contain its words, or for which its function is true; each request takes the script's
next answer, and the last one stays:

    llm.script("Hello", say("Good ", "day."))
    llm.script("warm", call(Call("readings", {"device": "thermometer1"})), say("21.4 °C"))
    llm.script("busy", fail(429, retry_after=1), say("Now."))
    llm.script(lambda question: question.endswith("?"), fail(500))

Nothing sleeps: an event among the pieces holds the answer until the test sets it.

    more = Event()
    llm.script("Tell me", say("Once ", more, "upon a time"))   # held after the first piece
    llm.script("slow", held(more, say("At last")))             # not even a status before
    llm.script("cut", say("Half of it", CUT))                  # the connection breaks
    llm.script("no end", say("Half of it", finish=None))       # ends, but says no finish_reason
    llm.script("long", say("So much", finish="length"))
    llm.script("broken", say("Half of it", Raw("data: {\n\n")))

What was asked is in `llm.asked`, oldest first; `await until(lambda: llm.about("Hello"))` where it
is yet to come:

    [asked] = llm.about("Hello")
    asked.instructions, asked.question, asked.body, asked.headers, asked.first_at
    asked.hung_up.wait(5)     # the client closed the connection before the end

As a process of its own (GET /asked gives the requests' times as JSON; see --help):

    python -m tests.services.llm --port 0 --pieces 20 --pause 0.05
"""

from tests.services.llm.answers import CUT, Answer, Call, Pause, Raw, call, fail, held, say
from tests.services.llm.asked import Asked
from tests.services.llm.server import LLM, echo

__all__ = [
    "CUT", "LLM", "Answer", "Asked", "Call", "Pause", "Raw", "call", "echo", "fail", "held", "say",
]  # fmt: skip
