// The status page: an empty shell until this script has asked the graph endpoint.
const root = document.getElementById("react-root");
const id = root.dataset.id;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function say(title, text) {
  root.replaceChildren(make("div", { class: "card notice", "data-testid": "error-detail" },
    make("h1", {}, title), make("span", {}, text)));
}

function draw(tweet) {
  const name = make("div", { class: "head", "data-testid": "User-Name" },
    make("img", { src: tweet.user.profile_image_url_https, alt: "" }),
    make("span", { class: "names" }, make("span", { class: "name", dir: "auto" }, tweet.user.name),
      make("span", { class: "handle" }, "@" + tweet.user.screen_name)));
  const text = make("div", { class: "text", "data-testid": "tweetText", lang: tweet.lang, dir: "auto" },
    tweet.text.slice(0, tweet.display_text_range[1]));
  const card = make("article", { class: "card", "data-testid": "tweet", role: "article" },
    make("div", { class: "bar" }), name, text);
  const box = make("div", { class: tweet.mediaDetails.length > 1 ? "media many" : "media" });
  for (const item of tweet.mediaDetails) {
    if (item.type !== "video") {
      box.append(make("img", { src: item.media_url_https, alt: item.ext_alt_text }));
      continue;
    }
    if (item.original_info.height > item.original_info.width) box.classList.add("tall");
    const source = item.video_info.variants[0].url;
    box.append(make("video", { src: source, poster: item.media_url_https, preload: "auto", playsinline: "" }));
  }
  if (tweet.mediaDetails.length) card.append(box);
  const day = new Date(tweet.created_at).toLocaleString("en-US", { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });
  card.append(make("div", { class: "foot" }, make("a", { href: location.pathname },
    make("time", { datetime: tweet.created_at }, day))));
  root.replaceChildren(card);
}

async function start() {
  const variables = encodeURIComponent(JSON.stringify({ tweetId: id, withCommunity: false }));
  const answer = await fetch(`https://api.x.com/graphql/demo/TweetResultByRestId?variables=${variables}`);
  const result = (await answer.json()).data.tweetResult.result;
  if (!result) say("Hmm...this page doesn’t exist. Try searching for something else.", "");
  else if (result.__typename === "TweetTombstone") say(result.tombstone.text.text, "");
  else draw(result);
}
start().catch(() => say("Something went wrong. Try reloading.", ""));
