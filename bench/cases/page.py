"""How soon the page can be used, in a real browser."""

import asyncio

from playwright.async_api import Browser, BrowserContext, Error, async_playwright

from bench import names
from bench.client import ClientFailed
from bench.context import Bench
from bench.failures import LeftOut
from bench.figures import percentile
from bench.server import Server
from bench.table import Row, Target
from tests.browser.program import FLAGS, NO_BROWSER, program

AIM = Target(500, "most")
WITHIN = 30.0  # seconds
USABLE = """
    addEventListener('DOMContentLoaded', () => {
      const status = document.querySelector('#status');
      if (!status) return;
      new MutationObserver(() => {
        const ready = status.dataset.kind === '' && document.activeElement?.id === 'box';
        if (ready) window.usableAfter ??= performance.now();
      }).observe(status, { attributes: true });
    });
"""
"""Notes when the page is connected, and what one types goes into its box."""
AWAITED = """
    () => new Promise((done) => {
      const look = () => {
        const found = %s;
        if (found) done(found);
        else setTimeout(look, 10);
      };
      look();
    })
"""
LOADED = "performance.getEntriesByType('navigation')[0]?.loadEventEnd"
DOOR = "the door"
"""/join/: HTML and a style by the same server, without any script that it must wait for."""


async def run(bench: Bench) -> list[Row]:
    usable, loaded = [], []
    async with await bench.product("people") as server, async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=program(), args=FLAGS)
        except Error as error:
            raise LeftOut(NO_BROWSER) from error
        for turn in range(bench.sizes.repeats):
            bench.say(f"page: run {turn + 1} of {bench.sizes.repeats}")
            for _ in range(bench.sizes.visits):
                loaded.append(await visit(browser, server, "/join/", LOADED))
                usable.append(await visit(browser, server, "/", "window.usableAfter"))
        await browser.close()
    what = "from opening the page until one can write"
    return [
        Row("page", f"{what}, p{percent}", "ms", percentile(usable, percent),
            percentile(loaded, percent), target, to=DOOR)
        for percent, target in ((50, AIM), (90, None))
    ]  # fmt: skip


async def visit(browser: Browser, server: Server, path: str, after: str) -> float:
    """Milliseconds from the navigation on, as the expression `after` says once it says any, in a
    new browser profile: nothing of the page is there from before."""
    context = await browser.new_context()
    try:
        if path == "/":
            await sign_in(context, server)
        page = await context.new_page()
        await page.goto(server.origin + path)
        async with asyncio.timeout(WITHIN):
            return float(await page.evaluate(AWAITED % after))
    except (Error, TimeoutError) as error:
        raise ClientFailed(f"{path} in a browser: {str(error) or 'not usable'}") from error
    finally:
        await context.close()


async def sign_in(context: BrowserContext, server: Server) -> None:
    await context.add_init_script(USABLE)
    key = names.session(names.AWAY)
    await context.add_cookies([{"name": "sessionid", "value": key, "url": server.origin}])
