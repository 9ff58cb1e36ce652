// The embed page: ask the syndication endpoint by script, draw what it says.
const id = new URLSearchParams(location.search).get("id") || "";
const app = document.getElementById("app");

function token(number) {
  return ((Number(number) / 1e15) * Math.PI).toString(36).replace(/(0+|\.)/g, "");
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function media(details) {
  const box = make("div", { class: details.length > 1 ? "media many" : "media" });
  for (const item of details) {
    if (item.type === "video") {
      if (item.original_info.height > item.original_info.width) box.classList.add("tall");
      const video = make("video", {
        src: item.video_info.variants[0].url, poster: item.media_url_https, preload: "auto",
        playsinline: "", "aria-label": item.ext_alt_text,
      });
      video.muted = true;
      box.append(video);
    } else {
      box.append(make("img", { src: item.media_url_https, alt: item.ext_alt_text, loading: "lazy" }));
    }
  }
  return box;
}

function draw(tweet) {
  const user = tweet.user;
  const link = `https://twitter.com/${user.screen_name}/status/${tweet.id_str}?ref_src=twsrc%5Etfw`;
  const time = new Date(tweet.created_at);
  const day = time.toLocaleString("en-US", { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
  const text = tweet.text.slice(0, tweet.display_text_range[1]);
  const card = make("article", { role: "article", class: "card", dir: "ltr" }, make("div", { class: "bar" }),
    make("div", { class: "head", "data-testid": "User-Name" },
      make("img", { src: user.profile_image_url_https, alt: "" }),
      make("span", { class: "names" }, make("a", { class: "name", dir: "auto", href: link }, user.name),
        make("span", { class: "handle" }, "@" + user.screen_name)),
      make("span", { class: "site" }, "X")),
    make("div", { class: "text", lang: tweet.lang, dir: "auto", "data-testid": "tweetText" }, text));
  if (tweet.mediaDetails.length) card.append(media(tweet.mediaDetails));
  card.append(make("div", { class: "foot" }, make("a", { href: link },
    make("time", { datetime: tweet.created_at }, day)), ` · ${tweet.favorite_count} likes`));
  app.replaceChildren(card);
}

function missing() {
  app.replaceChildren(make("div", { class: "card notice" }, make("span", {}, "Not found")));
}

async function start() {
  const query = new URLSearchParams({ id, lang: "en", token: token(id) });
  const answer = await fetch(`https://cdn.syndication.twimg.com/tweet-result?${query}`);
  const tweet = answer.ok ? await answer.json() : {};
  if (tweet.__typename === "Tweet") draw(tweet); else missing();
}
start().catch(missing);
