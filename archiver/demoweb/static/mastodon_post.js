// A status, from the instance's own API, drawn into the page.
const root = document.getElementById("mastodon-status");

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

async function start() {
  const status = await (await fetch(`/api/v1/statuses/${root.dataset.id}`)).json();
  const { account } = status;
  const words = new DOMParser().parseFromString(status.content, "text/html").body.textContent;
  const day = new Date(status.created_at).toLocaleString("en-US", { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
  const card = make("article", { class: "card detailed-status" }, make("div", { class: "bar" }),
    make("div", { class: "head detailed-status__display-name" }, make("img", { src: account.avatar, alt: "" }),
      make("span", { class: "names" }, make("span", { class: "name display-name__html" }, account.display_name),
        make("span", { class: "handle display-name__account" }, `@${account.acct}@${location.host}`)),
      make("span", { class: "site" }, "Mastodon")),
    make("div", { class: "text status__content", lang: status.language }, words));
  if (status.media_attachments.length) {
    const box = make("div", { class: "media media-gallery" });
    for (const item of status.media_attachments) {
      box.append(make("img", { src: item.preview_url, alt: item.description }));
    }
    card.append(box);
  }
  card.append(make("div", { class: "foot detailed-status__meta" },
    make("a", { class: "detailed-status__datetime", href: status.url }, make("time", { datetime: status.created_at }, day)),
    ` · ${status.reblogs_count} boosts · ${status.favourites_count} favourites`));
  root.replaceChildren(card);
}
start();
