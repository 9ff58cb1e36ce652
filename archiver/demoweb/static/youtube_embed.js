// The player: asks by POST what it may play, then shows the video or the reason why not.
const id = document.body.dataset.video;
const player = document.getElementById("movie_player");

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function refuse(status) {
  player.append(make("div", { class: "ytp-error" },
    make("div", { class: "ytp-error-content-wrap" },
      make("h2", { class: "ytp-error-content-wrap-reason" }, make("span", {}, "Video unavailable")),
      make("div", { class: "subreason ytp-error-content-wrap-subreason" }, status.reason))));
}

function play(told) {
  const details = told.videoDetails;
  const video = make("video", {
    class: "video-stream html5-main-video", src: told.streamingData.formats[0].url,
    poster: details.thumbnail.thumbnails[0].url, preload: "auto", playsinline: "",
  });
  video.muted = true;
  const button = make("button", { class: "ytp-large-play-button", "aria-label": "Play" });
  button.addEventListener("click", () => { button.remove(); video.play(); });
  player.append(video, button, make("div", { class: "ytp-chrome-top" },
    make("img", { src: details.channelThumbnail, alt: "" }),
    make("div", {}, make("a", { class: "ytp-title-link", href: `https://www.youtube.com/watch?v=${id}` }, details.title),
      make("div", { class: "ytp-title-channel" }, details.author))));
  document.title = `${details.title} - YouTube`;
}

async function start() {
  const answer = await fetch("/youtubei/v1/player?prettyPrint=false", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ videoId: id, context: { client: { clientName: "WEB_EMBEDDED_PLAYER", hl: "en" } } }),
  });
  const told = await answer.json();
  if (told.playabilityStatus && told.playabilityStatus.status === "OK") play(told);
  else refuse(told.playabilityStatus || { reason: "" });
}
start();
