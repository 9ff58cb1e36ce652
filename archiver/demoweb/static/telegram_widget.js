// A post widget: the script element names the post, the frame follows it.
{
const here = document.currentScript;
if (here && here.dataset.telegramPost) {
  const frame = document.createElement("iframe");
  frame.id = "telegram-post-" + here.dataset.telegramPost.replace("/", "-");
  frame.src = `https://t.me/${here.dataset.telegramPost}?embed=1`;
  frame.style.cssText = "width:100%;max-width:560px;height:480px;border:0;display:block";
  here.after(frame);
}
}
