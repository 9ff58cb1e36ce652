// A post, from the public AppView, drawn into the page.
const app = document.getElementById("app");

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function draw(post) {
  const { author, record } = post;
  const day = new Date(record.createdAt).toLocaleString("en-US", { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
  const card = make("div", { class: "card", "data-uri": post.uri }, make("div", { class: "bar" }),
    make("div", { class: "head" }, make("img", { src: author.avatar, alt: "" }),
      make("span", { class: "names" }, make("a", { class: "name", href: `https://bsky.app/profile/${author.did}` }, author.displayName),
        make("span", { class: "handle" }, "@" + author.handle)), make("span", { class: "site" }, "Bluesky")),
    make("p", { class: "text", "data-testid": "postText", lang: record.langs[0] }, record.text));
  if (post.embed) {
    const box = make("div", { class: post.embed.images.length > 1 ? "media many" : "media" });
    for (const image of post.embed.images) box.append(make("img", { src: image.thumb, alt: image.alt }));
    card.append(box);
  }
  card.append(make("div", { class: "foot" }, make("time", { datetime: record.createdAt }, day),
    ` · ${post.likeCount} likes · ${post.repostCount} reposts`));
  app.replaceChildren(card);
}

function missing() {
  app.replaceChildren(make("div", { class: "card" }, make("p", { class: "notice" },
    "Post not found, it may have been deleted.")));
}

async function start() {
  const query = new URLSearchParams({ uri: app.dataset.uri, depth: "0", parentHeight: "0" });
  const answer = await fetch(`https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread?${query}`);
  if (answer.ok) draw((await answer.json()).thread.post); else missing();
}
start().catch(missing);
