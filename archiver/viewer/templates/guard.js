// Stands in front of ReplayWeb.page's service worker, in the same script.
//
// Where an archive has no answer for an address, ReplayWeb.page gives that of another address which differs in its query
// only: right for numbers made up anew each time, wrong where the query says which post it is. And it takes some
// bodies that were sent for others. The server is asked about each of them, and what it refuses is not found.
(() => {
  const REPLAYED = /\/\d{14}[a-z]{2}_\/(https?:\/\/.*)$/;
  const replayed = url => (REPLAYED.exec(url ?? "") ?? [])[1]?.split("#")[0] ?? "";
  const bodiless = request => ["HEAD", "OPTIONS"].includes(request.method);
  const add = self.addEventListener.bind(self);

  async function digest(message) {
    const data = await crypto.subtle.digest("SHA-256", await message.arrayBuffer());
    return Array.from(new Uint8Array(data), byte => byte.toString(16).padStart(2, "0")).join("");
  }

  async function question(request, sent, response) {
    const asked = replayed(request.url), location = replayed(response.headers.get("Content-Location"));
    const given = location === asked ? "" : location;
    if (!asked || bodiless(request)) return null;
    if (request.method === "GET") return given && { asked, given };
    const led = response.status < 200 || (response.status >= 300 && response.status < 400);
    return { asked, given, method: request.method, sent: await sent, got: led ? "" : await digest(response.clone()) };
  }

  async function held(request, sent, answer) {
    const response = await answer;
    const asking = await question(request, sent, response);
    if (!asking) return response;
    const told = await fetch("/instead?" + new URLSearchParams(asking));
    if (told.ok) return response;
    return new Response(await told.text(), {
      status: 404, headers: { "Content-Type": "text/plain; charset=utf-8" },
    });
  }

  self.addEventListener = (type, listener, options) => add(type, type !== "fetch" ? listener : event => {
    const { request } = event, respond = event.respondWith.bind(event);
    const sent = request.method === "GET" || bodiless(request) ? "" : digest(request.clone()).catch(() => "");
    event.respondWith = answer => respond(held(request, sent, answer));
    listener(event);
  }, options);
})();
