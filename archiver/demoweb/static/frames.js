// The loaders by which articles draw embeds: each turns its own platform's placeholders into frames.
// In a block of its own, since a page may hold the loader many times.
{
const KINDS = {
  "platform.twitter.com": ["blockquote.twitter-tweet", (e) => {
    const links = [...e.querySelectorAll("a[href*='/status/']")];
    const id = links.length ? links[links.length - 1].href.match(/\/status\/(\d+)/)[1] : "";
    return id && `https://platform.twitter.com/embed/Tweet.html?dnt=false&id=${id}&lang=en&theme=light`;
  }],
  "www.instagram.com": ["blockquote.instagram-media", (e) =>
    e.dataset.instgrmPermalink.split("?")[0] + "embed/captioned/?cr=1&v=14"],
  "connect.facebook.net": [".fb-post, .fb-video", (e) =>
    "https://www.facebook.com/plugins/" + (e.classList.contains("fb-video") ? "video" : "post") +
    `.php?href=${encodeURIComponent(e.dataset.href)}&show_text=true&width=500`],
  "www.tiktok.com": ["blockquote.tiktok-embed", (e) =>
    `https://www.tiktok.com/embed/v2/${e.dataset.videoId}?lang=en`],
  "embed.bsky.app": ["blockquote.bluesky-embed", (e) =>
    `https://embed.bsky.app/embed/${e.dataset.blueskyUri.slice("at://".length)}?id=1`],
  "embed.reddit.com": ["blockquote.reddit-embed-bq", (e) =>
    e.querySelector("a").href.replace("www.reddit.com", "embed.reddit.com") + "?embed=true&ref_source=embed&showmedia=true"],
  "": ["blockquote.mastodon-embed", (e) => e.dataset.embedUrl],
};
  const host = new URL(document.currentScript.src).host;
  const [selector, address] = KINDS[host] || KINDS[""];
  for (const placeholder of document.querySelectorAll(selector)) {
    const src = address(placeholder);
    if (!src) continue;
    const frame = document.createElement("iframe");
    frame.src = src;
    frame.title = "Embedded post";
    frame.style.cssText = "width:100%;max-width:584px;height:600px;border:0;display:block";
    placeholder.replaceWith(frame);
  }
}
