"""chromium.py - one headless Chromium, and what is measured in a page.

Everything is asked of the real browser: layout, computed styles, focus, the
requests it made.  Wishes of the person (dark mode, forced colours, no
scripts, a narrow window) are set as its developer tools set them.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import base64
import json
import os
import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from programs import BUILD, SOURCE

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-GB")

# Visible focus: outline, its contrast with what is behind it, in view.
FOCUS = """
const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v =>
    v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = e => {
    for (e = e.parentElement; e; e = e.parentElement) {
        const c = rgb(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
};
return [...document.querySelectorAll(
    'a[href],button,input:not([type=hidden]),[tabindex]')]
    .filter(e => e.offsetParent !== null).map(e => {
        e.focus({focusVisible: true});
        const s = getComputedStyle(e);
        const [a, b] = [light(rgb(s.outlineColor)), light(behind(e))];
        const r = e.getBoundingClientRect();
        return {what: e.outerHTML.slice(0, 40), top: r.top, bottom: r.bottom,
            window: innerHeight,
            focused: document.activeElement === e,
            style: s.outlineStyle, width: parseFloat(s.outlineWidth),
            contrast: (Math.max(a, b) + .05) / (Math.min(a, b) + .05),
            inView: r.height > innerHeight ?
                r.top < innerHeight && r.bottom > 0 :
                r.top >= -1 && r.bottom <= innerHeight + 1};
    });
"""

# WCAG 1.4.12: what a person may set for the text.
SPACING = """
const s = new CSSStyleSheet();
s.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;' +
    'word-spacing:.16em!important}p{margin-bottom:2em!important}');
document.adoptedStyleSheets = [s];
"""

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, Object.assign({preload: false,
    rules: {'target-size': {enabled: true}}}, arguments[0])).then(
    r => done(r.violations.concat(r.incomplete).map(v => v.id + ': ' +
        v.nodes.map(n => n.html.slice(0, 120) + ' ' +
            n.any.concat(n.all, n.none).map(c => c.message).join('; ')))),
    e => done(['axe: ' + e]));
"""


def axe_source():
    for root in (BUILD, SOURCE):
        path = root / "tools/npm/node_modules/axe-core/axe.min.js"
        if path.exists():
            return path.read_text(encoding="utf-8")
    raise RuntimeError(f"no axe-core below {BUILD}/tools (./bootstrap tools)")


def tool(name):
    path = shutil.which(name)
    if path is None:
        raise RuntimeError(f"no {name} (./bootstrap tools)")
    return path


class Chromium:
    """Navigation, wishes, measures."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="sensed-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = tool("chromium")
        for flag in (*FLAGS, f"--user-data-dir={self.profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        self.driver = webdriver.Chrome(
            service=Service(tool("chromedriver"), log_path=os.devnull),
            options=options)
        self.driver.set_page_load_timeout(30)
        self.axe_source = axe_source()
        self.shots = BUILD / "tools" / "shots"
        self.shots.mkdir(parents=True, exist_ok=True)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def tell(self, command, **values):
        return self.driver.execute_cdp_cmd(command, values)

    def js(self, text, *values):
        return self.driver.execute_script(text, *values)

    # ------------------------------------------------------------- wishes

    def window(self, width, height, scale=1):
        self.tell("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=scale, mobile=False)

    def media(self, kind="", **features):
        self.tell("Emulation.setEmulatedMedia", media=kind, features=[
            {"name": name.replace("_", "-"), "value": value}
            for name, value in features.items()])

    def scripts(self, on):
        self.tell("Emulation.setScriptExecutionDisabled", value=not on)

    # ----------------------------------------------------------- measures

    def go(self, url):
        self.driver.get(url)

    def find(self, css):
        return self.driver.find_element("css selector", css)

    def find_all(self, css):
        return self.driver.find_elements("css selector", css)

    def press(self, css):
        self.find(css).click()

    def send(self, css=None):
        """Presses a button, or Enter where the focus is, for another page."""
        before = self.find("html")
        if css:
            self.press(css)
        else:
            self.key(Keys.ENTER)
        wait = WebDriverWait(self.driver, 20, poll_frequency=0.02,
                             ignored_exceptions=(WebDriverException,))
        wait.until(staleness_of(before))
        wait.until(lambda d: self.js(
            "return document.readyState") == "complete")

    def focused(self):
        return self.driver.switch_to.active_element

    def key(self, *keys):
        for k in keys:
            self.focused().send_keys(k)

    def text(self):
        return " ".join(self.find("body").text.split())

    def status(self):
        return self.js("return performance.getEntriesByType('navigation')[0]"
                       ".responseStatus")

    def bytes(self):
        """Of the page, its style included: there is nothing else."""
        return self.js("return performance.getEntriesByType('navigation')[0]"
                       ".decodedBodySize")

    def axe(self, **options):
        """Violations, and what axe could not decide."""
        if not self.js("return 'axe' in window"):
            self.js(self.axe_source)
        return self.driver.execute_async_script(AXE, options)

    def too_wide(self):
        """How far the page is wider than its window."""
        return self.js("const e = document.scrollingElement;"
                       "return e.scrollWidth - e.clientWidth")

    def spaced(self, on):
        self.js(SPACING if on else "document.adoptedStyleSheets = []")

    def styled(self, on):
        self.js("for (const s of document.styleSheets)"
                " s.disabled = arguments[0]", not on)

    def focus(self):
        return self.js(FOCUS)

    def shoot(self, name):
        self.js("document.activeElement.blur()")
        data = self.tell("Page.captureScreenshot", format="png",
                         captureBeyondViewport=True)["data"]
        (self.shots / f"{name}.png").write_bytes(base64.b64decode(data))

    def requests(self):
        """Every URL asked for since the last call, page and all."""
        out = []
        for entry in self.driver.get_log("performance"):
            m = json.loads(entry["message"])["message"]
            if m["method"] == "Network.requestWillBeSent":
                out.append(m["params"]["request"]["url"])
        return out
