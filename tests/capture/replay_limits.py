"""What a reader shows otherwise than the page was, by its own making: by reader and page, what is seen, and why.

A sign is a part of what `replaying.replay_all` says, such as the beginning of a line of words. Each must be seen.
wabac is what ReplayWeb.page (2.5.3) replays with, wombat the script that both readers put into pages.
"""

FAILED = "a request that failed has no answer to give; a reader says 404"
SECRET = (
    "archiver takes session ids out of addresses, so that nobody finds what was asked for by one"
)
CUT = "what was cut off is shown as far as it came, and does not fail as it did"
NO_WORKERS = "wombat refuses service workers to a page that stands under one, as wabac's do (overrideSWAccess)"
POPUP = "windows open in place of the page (webrecorder/wombat#94, webrecorder/replayweb.page#126)"
COUNTED = "one address has one answer at a time: the one nearest to the page's"
SOCKET = "wombat's WebSocket never opens and never closes; archiver keeps nothing of sockets"
NO_COOKIES = (
    "cookies that come with answers are not given to scripts; archiver has emptied them anyway"
)
LISTS = "players' lists are rewritten, and so have another length"
BUSY = "a frame that never ends loading gives a capture no words, or those by then; all its bytes are kept"
FRAMED = (
    "a picture stands in the middle of a window on black, and in the corner of a frame on white"
)
UNTOLD = "wabac says UTF-8 where the server said nothing, and the browser took Latin-1"
FOLDED = "wabac folds a body of text that is no JSON into nothing (postToGetUrl), finds another one, and is refused"
HEAD = "wabac leaves HEAD out of its index (cdxloader.ts) and looks it up as if it were GET"
OPAQUE = "a service worker serves no frame without an origin; what it asks for goes past wabac"
BLOB = "wombat gives a frame with a blob's address an address that wabac does not know"
PASSED = "requests of `object` and `embed` go past service workers (Fetch, section on them), and so past wabac"
PROXY = (
    "wombat puts objects of its own in place of window and location, and some code sees behind them"
)
NESTED = "wombat's script for workers (wombatWorkers.js) knows nothing of a worker in a worker"
LOOP = "a redirect to itself is passed over, and with it the answer"

SURT = "pywb's keys are the same for addresses with and without an empty query, and for any order of its parts"
SNIFFED = "pywb takes text for HTML that looks like it"
NAMES = "pywb puts each script in a block, out of which `const`, `let` and `class` are not seen (webrecorder/wombat#82)"
MODULES = "pywb knows modules by their element, and takes those that code asks for to be scripts"
LONG = "pywb tells bodies apart by 4096 characters of them, finds another one, and is refused"
CALLBACK = "a callback is called by another name each time, and pywb puts in the new one for some libraries only"
SOMETIMES = frozenset({POPUP, BUSY})
"""Reasons for what is seen or not, as it happens."""

COMMON = {
    "/case/addresses": {
        "//double//slash.json ": FAILED,
        "upper host ": FAILED,
        "jsessionid": SECRET,
    },
    "/case/cut": {
        "cut ": CUT,
        "stalled ": FAILED,
        "nobody there ": FAILED,
        "- given up refused": FAILED,
        "+ given up 404 ": FAILED,
    },
    "/case/socket": {"socket ": SOCKET},
    "/case/hls": {"stream ": LISTS},
    "/case/counted": {"three answers ": COUNTED},
    "/case/cookies": {"names ": NO_COOKIES},
    "/case/popup": {"popup": POPUP, "opened ": POPUP},
    "/document/picture": {"picture: ": FRAMED},
    "/case/drip": {"drip ": BUSY},
    "/case/redirects": {"endless ": FAILED, "https://a.example/loop": LOOP},
}
LIMITS: dict[str, dict[str, dict[str, str]]] = {
    "ReplayWeb.page": {
        **COMMON,
        "/document/untold": {"without a charset": UNTOLD},
        "/case/answers": {"head ": HEAD, "https://a.example/head.json": HEAD},
        "/torture": {"/form.json": NO_WORKERS, "https://a.example/head.json": HEAD},
        "/case/frames": {
            "words of a blob": BLOB, "404 Not Found": BLOB, "Archived Page Not Found": BLOB,
            "Sorry, this page was not found": BLOB, "blob:http://127.0.0.1": BLOB,
            "Load the live page": BLOB, "https://a.example/inside": OPAQUE,
        },
        "/case/plain": {"picture: ": PASSED},
        "/case/posts": {
            "two ": FOLDED, "long ": FOLDED, "/echo.json?two": FOLDED, "/echo.json?long": FOLDED,
        },
        "/case/scripted": {"function ": PROXY, "this ": PROXY, "written by a script": PROXY},
        "/case/service": {"made ": NO_WORKERS, "through ": NO_WORKERS, "passed ": NO_WORKERS},
        "/case/workers": {"worker ": NESTED},
    },
    "pywb": {
        **COMMON,
        "/case/addresses": {
            **COMMON["/case/addresses"], "/a.json? ": SURT, "/a.json?b=1&a=2 ": SURT,
        },
        "/case/answers": {"html as text ": SNIFFED, "playlist of another kind ": LISTS},
        "/case/names": {" a const": NAMES, " a let": NAMES, " a class": NAMES, "+ -": NAMES},
        "/case/plain": {"imported ": MODULES},
        "/case/posts": {"long ": LONG, "/echo.json?long": LONG},
        "/case/scripted": {"function ": PROXY, "this ": PROXY, "jsonp ": CALLBACK},
        "/case/workers": {"module worker ": MODULES},
    },
}  # fmt: skip
