// Stands in front of ReplayWeb.page's service worker, in the same script.
//
// Where an archive has no answer for an address, ReplayWeb.page gives that of another address which differs in its query
// only: right for numbers made up anew each time, wrong where the query says which post it is. The server is asked
// about each of them, and what it refuses is not found.
(() => {
  const REPLAYED = /\/\d{14}[a-z]{2}_\/(https?:\/\/.*)$/;
  const replayed = url => (REPLAYED.exec(url ?? "") ?? [])[1]?.split("#")[0];
  const add = self.addEventListener.bind(self);

  async function held(request, answer) {
    const response = await answer;
    const asked = replayed(request.url);
    const given = replayed(response.headers.get("Content-Location"));
    if (!asked || !given || asked === given || request.method !== "GET") return response;
    const told = await fetch("/instead?" + new URLSearchParams({ asked, given }));
    if (told.ok) return response;
    return new Response(await told.text(), {
      status: 404, headers: { "Content-Type": "text/plain; charset=utf-8" },
    });
  }

  self.addEventListener = (type, listener, options) => add(type, type !== "fetch" ? listener : event => {
    const respond = event.respondWith.bind(event);
    event.respondWith = answer => respond(held(event.request, answer));
    listener(event);
  }, options);
})();
