"""Pages that do one odd thing each and write down what came of it, so that a replay can be held to it.

Every answer is shown as its status, media type, length and a checksum: words that are equal mean bodies that are
equal. `SAY` is the script that all of them share: `say(name, promise)` makes a line at once and fills it in
when the promise is kept, so that the picture does not depend on what came first.

A capture ends when the network has been at rest for half a second, whatever the page still waits for. A page whose
words wait for something that is no request (a worker that starts, a timer, a decoder) is `held`: one request of
it is under way until all is said, on a machine however busy.
"""

from pathlib import Path

from torture import CODINGS, HTML, JS, Torture, bmp, filler, wav

import archiver.demoweb

MEDIA = Path(archiver.demoweb.__file__).parent / "media"
SAY = """
var list = document.currentScript.parentNode.insertBefore(
  document.createElement('ul'), document.currentScript);
list.style.font = '15px monospace';
function sum(data) {
  let found = 2166136261;
  for (const byte of new Uint8Array(data)) found = Math.imul(found ^ byte, 16777619);
  return data.byteLength + ' ' + (found >>> 0).toString(16);
}
var jobs = [];
function say(name, promise) {
  const line = list.appendChild(document.createElement('li'));
  line.textContent = name + ' ...';
  jobs.push(Promise.resolve(promise).catch(e => 'refused')
    .then(text => { line.textContent = name + ' ' + text; }));
}
var told = async r => `${r.status} ${r.headers.get('content-type') || '-'} ${sum(await r.arrayBuffer())}`;
var got = (name, url, options) => say(name, fetch(url, options).then(told));
var heard = target => new Promise(done => { target.onmessage = e => done(e.data); });
var drawn = (name, node) => say(name, new Promise(done => {
  node.onload = () => done(`${node.naturalWidth}x${node.naturalHeight}`);
  node.onerror = () => done('broken');
  node.style.height = '40px';
  list.after(node);
}));
var framed = (name, node) => say(name, new Promise(done => {
  node.onload = () => done('loaded');
  node.style.cssText = 'width:600px;height:70px;display:block';
  list.after(node);
}));
var made = (kind, values) => Object.assign(document.createElement(kind), values);
var pause = time => new Promise(done => setTimeout(done, time));
function hold(name) {  // the network, until all is said
  fetch('/held?' + name).then(told);
  Promise.all(jobs).then(() => fetch('/said?' + name)).then(told);
}
addEventListener('load', async () => {
  for (let n = -1; n < jobs.length; n = jobs.length) await Promise.all(jobs);
  document.title = 'done';
});
"""
PAGE = "<!doctype html><meta charset=utf-8><title>case</title><h1>{}</h1><script>{}</script><script>{}</script>"


def page(name: str, script: str, more: str = "", *, held: bool = False) -> str:
    """A page of that name whose script says what came of it; `more` is HTML that stands at its end.

    If `held`, the network is not at rest before the page has said everything.
    """
    if held:
        script += f"hold('{name}');"
    return PAGE.format(name, SAY, script) + more


CASES = {
    "plain": page(
        "plain",
        """
drawn('picture', made('img', {src: '/picture.bmp'}));
drawn('missing', made('img', {src: '/missing.png'}));
drawn('srcset', made('img', {srcset: '/one.bmp 1x, /two.bmp 2x'}));
drawn('lazy', made('img', {loading: 'lazy', src: '/lazy.bmp'}));
drawn('data', made('img', {src: 'data:image/svg+xml,%3Csvg xmlns=%22http:%2f%2fwww.w3.org/2000/svg%22 ' +
  'width=%2230%22 height=%2220%22/%3E'}));
say('blob', fetch('/blob.bmp').then(r => r.blob()).then(b => {
  const img = made('img', {src: URL.createObjectURL(b)}); list.after(img); return img.decode().then(() => 'drawn'); }));
say('canvas', new Promise(done => { const img = made('img', {src: '/canvas.bmp', onload: () => {
  const paper = made('canvas', {width: 8, height: 8}); const pen = paper.getContext('2d');
  pen.drawImage(img, 0, 0); done(sum(pen.getImageData(0, 0, 8, 8).data.buffer)); }}); }));
say('imported', import('/dynamic.mjs').then(m => m.word));
say('sheet', new Promise(done => document.head.append(made('link', {rel: 'stylesheet', href: '/outer.css',
  onload: () => done(getComputedStyle(document.querySelector('h1')).color)}))));
list.after(made('object', {data: '/object.svg', type: 'image/svg+xml', height: 40}));
list.after(made('embed', {src: '/embed.svg', type: 'image/svg+xml', height: 40}));
got('by a slash', '//a.localhost:PORT/slash.json');
got('by a base', new URL('based.json', document.baseURI));
""",
        """<link rel=preload href=/preload.js as=script><link rel=prefetch href=/prefetch.js>
<script type=module src=/module.js></script><script defer src=/deferred.js></script>""",
    ),
    "frames": page(
        "frames",
        """
framed('three deep', made('iframe', {src: 'http://b.localhost:PORT/frame?depth=1'}));
framed('srcdoc', made('iframe', {srcdoc: "<p>words of a srcdoc</p><img height=30 src='/srcdoc.bmp'>"}));
framed('sandboxed', made('iframe', {src: '/inside', sandbox: 'allow-scripts'}));
framed('blob', made('iframe', {src: URL.createObjectURL(new Blob(['<p>words of a blob</p>'], {type: 'text/html'}))}));
framed('named twice', made('iframe', {src: 'http://c.localhost:PORT/inside'}));
say('written', (() => { const f = made('iframe', {}); list.after(f); f.style.height = '60px';
  f.contentDocument.write('<p>words written</p>'); f.contentDocument.close(); return 'written'; })());
say('messages', new Promise(done => window.addEventListener('message', e => e.data.inside && done(e.data.inside))));
""",
        held=True,
    ),
    "workers": page(
        "workers",
        """
say('worker', heard(new Worker('/worker.js')));
say('shared worker', heard(new SharedWorker('/shared.js').port));
say('module worker', heard(new Worker('/module-worker.mjs', {type: 'module'})));
say('blob worker', heard(new Worker(URL.createObjectURL(new Blob(
  [`fetch('${location.origin}/of-a-blob.json').then(r => r.text()).then(postMessage)`], {type: 'text/javascript'})))));
""",
        held=True,
    ),
    "service": page(
        "service",
        """
const ready = navigator.serviceWorker.register('/sw.js').then(async () => {
  while (!navigator.serviceWorker.controller) await pause(20);
});
for (const name of ['made', 'through', 'passed'])
  say(name, ready.then(() => fetch(`/${name}.json`)).then(r => r.text()));
""",
        held=True,
    ),
    "redirects": page(
        "redirects",
        """
got('two hops', '/hop1');
got('nineteen hops', '/chain?19');
got('to another site', '/moved?http://b.localhost:PORT/elsewhere.json');
got('307 keeps the method', '/kept', {method: 'POST', body: 'over there'});
got('endless', '/loop');
drawn('picture', made('img', {src: '/moved?/moved.bmp'}));
framed('frame', made('iframe', {src: '/moved?/inside'}));
say('response.url', fetch('/hop1').then(r => new URL(r.url).pathname + ' ' + r.redirected));
""",
    ),
    "cookies": page(
        "cookies",
        """
got('two cookies', '/cookies');
say('names', fetch('/cookies').then(() => pause(100)).then(
  () => document.cookie.split('; ').map(c => c.split('=')[0]).sort().join(' ')));
got('a gate that asks for its cookie', '/gate');
say('set by script', (() => { document.cookie = 'own=1'; return String(document.cookie.includes('own=1')); })());
""",
        held=True,
    ),
    "codings": page("codings", f"for (const name of {list(CODINGS)}) got(name, '/coded?' + name);"),
    "answers": page(
        "answers",
        """
got('chunked', '/chunked'); got('early hints', '/hints'); got('umlaut', '/umlaut'); got('nothing', '/nothing');
got('not there', '/there-is-none'); got('gone', '/410'); got('broken', '/500'); got('teapot', '/418');
got('empty', '/empty'); got('no type', '/typeless'); got('head', '/head.json', {method: 'HEAD'});
got('conditional', '/same', {headers: {'If-None-Match': '"same"'}});
got('not stored', '/nostore.bin', {cache: 'no-store'});
got('odd type', '/odd-type'); got('html as text', '/html-as-text'); got('script as text', '/js-as-text');
got('json with html in it', '/html.json'); got('utf-16', '/utf-16.txt'); got('nul bytes', '/nul.bin');
got('many headers', '/many-headers'); got('long header', '/long-header');
got('download', '/download.zip'); got('playlist of another kind', '/list.mpd');
say('headers', fetch('/told').then(r => ['x-order', 'x-own', 'content-language'].map(n => r.headers.get(n)).join('|')));
say('xhr', new Promise(done => { const x = new XMLHttpRequest(); x.open('GET', '/xhr.json');
  x.onload = () => done(x.status + ' ' + x.responseText); x.send(); }));
say('xhr at once', (() => { const x = new XMLHttpRequest(); x.open('GET', '/at-once.json', false); x.send();
  return x.status + ' ' + x.responseText; })());
say('xhr bytes', new Promise(done => { const x = new XMLHttpRequest(); x.open('GET', '/bytes.bin');
  x.responseType = 'arraybuffer'; x.onload = () => done(sum(x.response)); x.send(); }));
""",
    ),
    "posts": page(
        "posts",
        """
const form = new FormData(); form.append('a', '1'); form.append('b', 'zwei');
const post = (name, body, headers) =>
  got(name, '/echo.json?' + name.replace('other ', ''), {method: 'POST', body, headers});
post('text', 'a=1&b=2'); post('two', 'a=1&b=2'); post('other two', 'a=1&b=3'); post('empty', '');
post('urlencoded', new URLSearchParams({q: 'a b&c', r: 'é'}));
post('json', '{"query": "one", "variables": {"id": 1}}', {'Content-Type': 'application/json'});
post('other json', '{"query": "one", "variables": {"id": 2}}', {'Content-Type': 'application/json'});
post('list', '[{"a": [1, 2.5, true, null]}, "b"]', {'Content-Type': 'application/json'});
post('graphql', '{"query": "{ post(id: 7) { text } }"}', {'Content-Type': 'application/graphql+json'});
post('blob', new Blob(['from a blob'])); post('bytes', new Uint8Array([0, 255, 33, 128]));
post('long', 'x'.repeat(9000)); post('other long', 'x'.repeat(8999) + 'y');
post('multipart', form);
post('typed', new Blob(['<a>1</a>'], {type: 'text/xml'}));
got('put', 'http://e.localhost:PORT/echo.json?put', {method: 'PUT', headers: {'X-Own': 'y'}, body: 'put body'});
got('delete', '/echo.json?delete', {method: 'DELETE'});
got('patch', '/echo.json?patch', {method: 'PATCH', body: 'patched'});
say('xhr', new Promise(done => { const x = new XMLHttpRequest(); x.open('POST', '/echo.json?xhr');
  x.onload = () => done(x.responseText.slice(0, 60)); x.send('by xhr'); }));
framed('form', made('iframe', {name: 'posted'}));
const sent = document.body.appendChild(made('form', {method: 'post', action: '/echo', target: 'posted'}));
sent.append(made('input', {type: 'hidden', name: 'q', value: 'from a form'})); sent.submit();
navigator.sendBeacon('/beacon.json', 'beacon body');
fetch('/keepalive.json', {method: 'POST', body: 'alive', keepalive: true});
""",
    ),
    "ranges": page(
        "ranges",
        """
got('first bytes', '/part.wav', {headers: {Range: 'bytes=0-99'}});
got('some bytes', '/tone.wav', {headers: {Range: 'bytes=1000-1999'}});
got('whole', '/tone.wav');
const media = (kind, src, name) => say(name, new Promise(done => { const m = made(kind, {muted: true, src});
  m.preload = 'auto'; m.controls = false;
  m.onloadeddata = () => done('plays ' + m.duration.toFixed(1)); m.onerror = () => done('broken');
  m.style.height = '120px'; list.after(m); }));
media('audio', '/long.wav', 'sound'); media('audio', '/parts.wav', 'sound in parts');
media('video', '/boat.mp4', 'video');
""",
        held=True,
    ),
    "hls": page(
        "hls",
        """
const lines = text => text.split('\\n').filter(line => line && !line.startsWith('#'));
say('stream', fetch('/v/master.m3u8').then(r => r.text()).then(async master => {
  const variant = new URL(lines(master)[0], new URL('/v/master.m3u8', location.href));
  const taken = [];
  for (const segment of lines(await fetch(variant).then(r => r.text())).slice(0, 2))
    taken.push(await fetch(new URL(segment, variant)).then(told));
  return master.length + ' ' + taken.join(' ');
}));
""",
    ),
    "dash": page(
        "dash",
        """
say('stream', fetch('/v/film.mpd').then(r => r.text()).then(async text => {
  const track = new DOMParser().parseFromString(text, 'text/xml').querySelector('Representation').id;
  const taken = [];
  for (const n of [1, 2]) taken.push(await fetch(`/v/${track}${n}.m4s`).then(r => r.status));
  return taken.join(' ');
}));
""",
    ),
    "endless": page(
        "endless",
        """
const stop = new AbortController();
say('first bytes', fetch('/endless?abort', {signal: stop.signal}).then(async r => {
  const part = await r.body.getReader().read(); stop.abort(); return part.value.length > 0; }));
say('events', new Promise(done => { let count = 0; const events = new EventSource('/events');
  events.onmessage = e => { if (++count == 3) { events.close(); done(e.data + ' x' + count); } }; }));
list.after(made('img', {src: '/sticking.bmp', height: 60}));
""",
    ),
    "drip": page(
        "drip", "list.after(made('iframe', {src: '/drip.txt', width: 600, height: 300}));"
    ),
    "cut": page(
        "cut",
        """
got('cut', '/cut');
say('stalled', (() => { const stop = new AbortController(); setTimeout(() => stop.abort(), 300);
  return fetch('/stall', {signal: stop.signal}).then(told); })());
say('nobody there', fetch('http://nobody.localhost:PORT/x.json').then(told));
got('its neighbour', '/slow.json?post=1');
say('given up', fetch('/slow.json?post=2', {signal: AbortSignal.timeout(300)}).then(told));
""",
        held=True,
    ),
    "popup": page(
        "popup",
        "say('opened', (() => { open('http://f.localhost:PORT/popup'); return 'asked for'; })());",
    ),
    "large": page("large", "got('twenty megabytes', '/big');", held=True),
    "replaced": "<!doctype html><title>x</title><p>on the way</p><script>location.replace('/landing')</script>",
    "refreshed": "<!doctype html><title>x</title><p>on the way</p><meta http-equiv=refresh content='0;url=/landing'>",
    "pushed": page(
        "pushed",
        """history.pushState({}, '', '/pushed/deeper?page=2');
say('place', location.pathname + location.search); got('beside', 'beside.json');""",
    ),
    "addresses": page(
        "addresses",
        """
for (const path of ['/a b.json', '/ä/ö.json?ü=ß', '/a|b{c}^d.json', '/a%2Fb.json', '/%C3%A4.json', '/A.json?B=C',
  '/a.json?', '/a.json?b', '/a.json?b=', '/a.json?b=1&a=2', '/a.json?a=2&b=1', '//double//slash.json',
  '/semi;colon=1.json', "/quote'.json", '/plus+plus.json?q=a+b', '/percent%25.json', '/dot/./dot.json',
  '/json.json?x={"a":[1]}', '/u.json?u=http://b.localhost:PORT/c?d=e%26f', '/hash.json?h=%23', '/at@.json',
  '/comma,.json', '/colon:1.json', '/utm.json?utm_source=1', '/jsessionid.json;jsessionid=1', '/trail.json?&',
  '/Upper/CASE.json', '/' + 'long'.repeat(500) + '.json?' + 'q'.repeat(2000), '/emoji/😀.json', '/www.json',
  '/20261122040611/http://x.example/y.json', '/mp_/z.json', '/a.json#part', '/star*.json', '/tilde~.json',
  '/back\\\\slash.json', '/tab\\t.json', '/%zz.json', '/(1).json', '/[1].json', '/!$.json', '/dollar.json?$a=1'])
  got(path.slice(0, 40), path);
got('www', 'http://www.a.localhost:PORT/w.json'); got('upper host', 'http://A.LOCALHOST:PORT/upper.json');
got('busted', '/busted.json?_=' + Date.now()); got('random', '/random.json?r=' + Math.random());
""",
    ),
    "twice": page(
        "twice",
        """
const same = n => fetch('/twin' + n).then(told);
say('one', same(1).then(async a => { const b = await same(2); const c = await same(1);
  return [a, b, c].join(' = '); }));
drawn('picture', made('img', {src: '/picture.bmp'}));
""",
    ),
    "counted": page(
        "counted",
        """say('three answers', (async () => { const all = []; for (let n = 0; n < 3; n++) {
all.push(await fetch('/count').then(r => r.text())); await pause(30); } return all.join(' '); })());""",
        held=True,
    ),
    "scripted": page(
        "scripted",
        """
say('href', location.href); say('origin', location.origin); say('base', document.baseURI);
say('domain', document.domain); say('top', String(top === self)); say('parent', String(parent === window));
say('url', document.URL); say('referrer', '<' + document.referrer + '>'); say('self', String(self.location.host));
say('anchor', made('a', {href: '/x?y#z'}).href); say('image', made('img', {src: '/anchor.bmp'}).src);
say('attribute', (() => { const a = made('a', {}); a.setAttribute('href', '/y');
  return a.getAttribute('href') + ' ' + a.pathname; })());
say('eval', eval('location.pathname')); say('function', new Function('return window.location.pathname')());
say('this', (function () { return String(this === window); })());
say('stored', (() => { localStorage.setItem('a', '1'); sessionStorage.setItem('b', '2');
  return localStorage.getItem('a') + sessionStorage.getItem('b'); })());
say('json', fetch('/where.json').then(r => new URL(r.url).pathname));
say('written', (() => { document.write('<p>written by a script</p><img height=30 src="/written.bmp">');
  return 'yes'; })());
say('inner', (() => { const d = made('div', {innerHTML:
  '<img height=30 src="/inner.bmp"><b>inner words</b>'});
  list.after(d); return d.querySelector('b').textContent; })());
say('shadow', (() => { const d = made('div', {}); list.after(d);
  d.attachShadow({mode: 'open'}).innerHTML = '<p>words of the shadow</p><img height=30 src="/shadow.bmp">';
  return 'yes'; })());
say('element', (() => { customElements.define('x-own', class extends HTMLElement {
  connectedCallback() { this.textContent = 'an own element'; } });
  list.after(document.createElement('x-own')); return 'yes'; })());
say('late script', new Promise(done => { window.late = done;
  document.head.append(made('script', {src: '/late.js'})); }));
say('jsonp', new Promise(done => { window['cb' + Date.now()] = e => done(e.said);
  const name = Object.keys(window).find(k => /^cb\\d+$/.test(k));
  document.head.append(made('script', {src: '/jsonp?callback=' + name})); }));
""",
    ),
    "names": "<!doctype html><title>x</title><h1>names</h1><p id=a>-</p><p id=b>-</p><p id=c>-</p>"
    "<script>const one = 'a const'; let two = 'a let'; class Three { said() { return 'a class' } }</script>"
    "<script>a.textContent = one; b.textContent = two; c.textContent = new Three().said();</script>",
    "documents": page(
        "documents",
        "for (const name of NAMES) framed(name, made('iframe', {src: '/document/' + name}));",
    ),
    "strict": page(
        "strict", "got('one', '/strict.json'); drawn('picture', made('img', {src: '/strict.bmp'}));"
    ),
    "socket": page(
        "socket",
        "say('socket', new Promise(done => { const s = new WebSocket(location.origin.replace('http', 'ws') + '/ws');"
        " s.onerror = s.onclose = () => done('closed'); s.onmessage = e => done(e.data); }));",
        held=True,
    ),
}
"""By name, what lies at `/case/<name>`."""

DOCUMENTS = {
    "text": ("text/plain; charset=utf-8", "Plain words, é and ß.\nTwo lines.".encode()),
    "json": ("application/json", b'{"words": ["in", "json"], "html": "<b>x</b>"}'),
    "svg": (
        "image/svg+xml",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="90"><text x="9" y="40">words of a drawing'
        b"</text><image href='/of-svg.bmp' width='40' height='40'/></svg>",
    ),
    "xhtml": (
        "application/xhtml+xml",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>'
        b'<p>strict words</p><img src="/of-xhtml.bmp" height="40" alt=""/></body></html>',
    ),
    "picture": ("image/bmp", bmp(64, 64)),
    "cyrillic": (
        "text/html; charset=windows-1251",
        "<title>к</title><p>Порт закрыт до утра</p>".encode("cp1251"),
    ),
    "kana": (
        "text/html",
        b"<meta charset=shift_jis><title>k</title><p>"
        + "港は朝まで閉鎖".encode("shift_jis")
        + b"</p>",
    ),
    "utf-16": ("text/html", "\ufeff<title>u</title><p>ärgerlich ☃</p>".encode("utf-16-le")),
    "bom": ("text/html", b"\xef\xbb\xbf<title>b</title><p>" + "nach der Marke: é</p>".encode()),
    "untold": ("text/html", b"<title>l</title><p>caf\xe9 without a charset</p>"),
    "typeless": ("", b"<!doctype html><title>t</title><p>a page without a type</p>"),
    "long-title": (HTML, b"<title>" + b"t" * 4000 + b"</title><p>words below a long title</p>"),
    "unclosed": (
        HTML,
        b"<title>u</title><p>unclosed <b>words <i>and <table><td>cells<p>more" + b"<div>" * 300,
    ),
}
"""What lies at `/document/<name>`: media type and bytes."""

MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\nlow.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nhigh.m3u8\n"
FILM = """<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT16S"><Period>
<AdaptationSet mimeType="video/mp4"><SegmentTemplate media="$RepresentationID$$Number$.m4s" duration="4"/>
<Representation id="small" bandwidth="100000" width="320" height="180"/>
<Representation id="wide" bandwidth="900000" width="1280" height="720"/></AdaptationSet></Period></MPD>"""
"""The page takes the first track. Both readers leave the best one only, so that a replay takes that."""
INSIDE = b"""<!doctype html><title>inside</title><p>words inside</p><img src="/inside.bmp" height=20>
<script>parent.postMessage({inside: 'from ' + location.pathname}, '*')</script>"""
STATUSES = {404: "not found", 410: "gone", 451: "withheld", 500: "broken", 503: "later"}
Headers = list[tuple[str, str]]


def html(body: bytes, status: int = 200, *headers: tuple[str, str]) -> tuple[int, Headers, bytes]:
    return status, [*headers, ("Content-Type", HTML)], body


def answers(site: Torture) -> dict[str, tuple[int, Headers, bytes]]:
    """What is answered always the same."""
    found: dict[str, tuple[int, Headers, bytes]] = {
        f"/document/{name}": (200, [("Content-Type", kind)] if kind else [], body)
        for name, (kind, body) in DOCUMENTS.items()
    }
    for status, word in STATUSES.items():
        found[f"/status/{status}"] = html(
            f"<title>{status}</title><p>it is {word}</p>".encode(), status
        )
        found[f"/{status}"] = (status, [("Content-Type", "text/plain")], word.encode())
    found["/418"] = (418, [("Content-Type", "text/plain")], b"short and stout")
    found["/kept"] = (307, [("Location", "/echo.json?kept")], b"")
    found["/start"] = (302, [("Location", "/landing"), ("Set-Cookie", "way=1")], b"")
    found["/landing"] = html(
        b"<title>landed</title><p>landed here</p><img src=/landed.bmp height=40>"
    )
    found["/inside"] = html(INSIDE)
    found["/empty"] = (200, [("Content-Type", "text/plain")], b"")
    found["/typeless"] = (200, [], b"no type is told")
    found["/odd-type"] = (200, [("Content-Type", "application/vnd.odd+thing; a=b")], b"odd")
    found["/html-as-text"] = (
        200,
        [("Content-Type", "text/plain")],
        b"<html><a href=/x>y</a></html>",
    )
    found["/js-as-text"] = (
        200,
        [("Content-Type", "text/plain")],
        b"var x = location.href; window.top = 1;",
    )
    found["/html.json"] = (
        200,
        [("Content-Type", "application/json")],
        b'{"html": "<a href=/x>y</a>"}',
    )
    found["/utf-16.txt"] = (200, [("Content-Type", "text/plain")], "ärger".encode("utf-16"))
    found["/nul.bin"] = (
        200,
        [("Content-Type", "application/octet-stream")],
        bytes(300) + filler("nul", 300),
    )
    found["/many-headers"] = (
        200,
        [*((f"X-N{n}", str(n)) for n in range(300)), ("Content-Type", "text/plain")],
        b"m",
    )
    found["/long-header"] = (200, [("X-Long", "v" * 30000), ("Content-Type", "text/plain")], b"l")
    found["/download.zip"] = (
        200,
        [
            ("Content-Type", "application/zip"),
            ("Content-Disposition", "attachment; filename=x.zip"),
        ],
        filler("zip", 500),
    )
    found["/list.mpd"] = (
        200,
        [("Content-Type", "application/dash+xml")],
        b'<MPD><BaseURL>http://a.localhost/</BaseURL><Representation bandwidth="1"/></MPD>',
    )
    found["/told"] = (
        200,
        [("X-Own", "own"), ("Content-Language", "de"), ("Content-Type", "text/plain")],
        b"told",
    )
    found["/outer.css"] = (
        200,
        [("Content-Type", "text/css")],
        b"@import '/inner.css'; body { background: url(/ground.bmp) }",
    )
    found["/inner.css"] = (200, [("Content-Type", "text/css")], b"h1 { color: rgb(120, 10, 10) }")
    found["/dynamic.mjs"] = (
        200,
        [("Content-Type", JS)],
        b"import {word as w} from '/deeper.mjs'; export const word = 'a ' + w;",
    )
    found["/deeper.mjs"] = (200, [("Content-Type", JS)], b"export const word = 'word from deeper';")
    found["/module-worker.mjs"] = (
        200,
        [("Content-Type", JS)],
        b"import {word} from '/deeper.mjs';"
        b"fetch('/of-a-module.json').then(r => r.text()).then(t => postMessage(word + t))",
    )
    found["/late.js"] = (
        200,
        [("Content-Type", JS)],
        b"window.late('came late from ' + document.currentScript.src)",
    )
    for name in ("/object.svg", "/embed.svg"):
        found[name] = (
            200,
            [("Content-Type", "image/svg+xml")],
            DOCUMENTS["svg"][1].replace(b"drawing", name[1:7].encode()),
        )
    for name in ("/twin1", "/twin2"):
        found[name] = (200, [("Content-Type", "text/plain")], filler("twin", 3000).hex().encode())
    found["/case/strict"] = html(
        site.linked(CASES["strict"]).encode(),
        200,
        (
            "Content-Security-Policy",
            "default-src 'self'; script-src 'unsafe-inline'; upgrade-insecure-requests",
        ),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Permissions-Policy", "fullscreen=()"),
        ("Strict-Transport-Security", "max-age=1"),
        ("Clear-Site-Data", '"cache"'),
        ("Link", "</linked.css>; rel=preload; as=style"),
    )
    return found


def files() -> dict[str, tuple[str, bytes]]:
    """What may be asked for in ranges."""
    m3u8 = "application/vnd.apple.mpegurl"
    found = {
        "/boat.mp4": ("video/mp4", (MEDIA / "boat.mp4").read_bytes()),
        "/part.wav": ("audio/wav", wav(1)),
        "/v/master.m3u8": (m3u8, MASTER.encode()),
    }
    for name in ("low", "high"):
        parts = "".join(f"#EXTINF:4,\n{name}{n}.ts\n" for n in range(4))
        found[f"/v/{name}.m3u8"] = (m3u8, f"#EXTM3U\n{parts}#EXT-X-ENDLIST\n".encode())
        for n in range(4):
            found[f"/v/{name}{n}.ts"] = ("video/mp2t", filler(f"{name}{n}", 90_000))
    found["/v/film.mpd"] = ("application/dash+xml", FILM.encode())
    for name in ("small", "wide"):
        for n in range(1, 5):
            found[f"/v/{name}{n}.m4s"] = ("video/iso.segment", filler(f"{name}{n}", 90_000))
    return found


EVERY = tuple(f"/document/{name}" for name in DOCUMENTS) + tuple(f"/status/{n}" for n in STATUSES)
"""Paths of pages that are each looked at alone in a long run only."""
CASES["documents"] = CASES["documents"].replace("NAMES", str(list(DOCUMENTS)))
OFTEN = (*(f"/case/{name}" for name in CASES), "/start", "/status/404", "/torture")
"""What is looked at always. In pywb a page of the same second as one with a service worker stands under that, and
may have none of its own: so the two that have one, `service` and `/torture`, stand far apart."""


def prepare(site: Torture) -> None:
    """Put all cases on the site."""
    site.pages |= {f"/case/{name}": text for name, text in CASES.items() if name != "strict"}
    site.files |= files()
    site.answers |= answers(site)
