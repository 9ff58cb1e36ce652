"""What the players on a page offer and the browser does not ask for by itself: subtitles that are not shown, and
films of a kind that it does not play.

A player of a script's own gets its film from the script, so that nothing in the page says what there is of it.
"""

from collections.abc import Callable, Sequence

from archiver.capture import dash, playlists
from archiver.capture.arrived import address_of, came_whole, reached
from archiver.capture.behaviours import FINDING
from archiver.capture.limits import CaptureLimits
from archiver.capture.segments import fetch_media
from archiver.capture.stage import Stage
from archiver.domain.exchange import Exchange

MOST = 40
"""Addresses that are asked for on one page: films and tracks of subtitles."""
LONGEST_ADDRESS = 4000

OFFERED = f"""() => {{{FINDING}
  const found = [];
  for (const player of all('video, audio')) {{
    const sources = [...player.querySelectorAll('source[src]')];
    const alien = sources.find(source => source.type && !player.canPlayType(source.type));
    if (player.networkState == player.NETWORK_NO_SOURCE || player.error)
      found.push(alien?.src || player.currentSrc || player.src || sources[0]?.src || '');
    for (const track of player.querySelectorAll('track[src]')) found.push(track.src);
  }}
  return [...new Set(found)].filter(url => /^https?:/.test(url));
}}"""
"""The addresses of subtitles; and of a player that found nothing to play, the first that it did not try, else the one
that it could not have: a server may refuse ranges, and with them the browser's player alone."""

FED = f"""() => {{{FINDING}
  const ready = player => [...Array(player.buffered.length).keys()]
    .reduce((sum, n) => sum + player.buffered.end(n) - player.buffered.start(n), 0);
  const fed = all('video, audio').filter(player => player.currentSrc.startsWith('blob:'));
  return fed.some(player => !(ready(player) > player.duration - 1));
}}"""
"""Whether a player gets its film from a script, and has not all of it yet."""


async def fetch_offered(
    stage: Stage, received: Callable[[], Sequence[Exchange]], limits: CaptureLimits
) -> None:
    """Ask for what players offer and nobody has asked for; what does not come whole is named.

    `received` gives the exchanges by now.
    """
    offered = await _told(stage)
    here = came_whole(received())
    wanted = [url for url in offered if url not in here]
    if len(wanted) > MOST:
        stage.note(f"{len(wanted) - MOST} subtitles or films of players were not asked for")
    if not wanted:
        return
    await fetch_media(stage, wanted[:MOST], limits, "subtitles or films of players")
    came = reached(wanted[:MOST], received())
    late = [url for url in wanted[:MOST] if url not in came]
    if late:
        stage.note(f"subtitles or films of players that did not come whole: {', '.join(late)}")


async def _told(stage: Stage) -> list[str]:
    """The addresses that the players of all frames tell, each once."""
    found: dict[str, None] = {}
    for frame in stage.frames():
        told = await stage.ask(frame, OFFERED)
        for each in told if isinstance(told, list) else ():
            address = each if isinstance(each, str) and len(each) <= LONGEST_ADDRESS else ""
            if address := address_of(address, address):
                found[address] = None
    return list(found)


async def doubt(stage: Stage, received: Callable[[], Sequence[Exchange]]) -> None:
    """Say of a film that a script puts together, by no playlist or manifest that came, that it may not be whole."""
    if any(playlists.may_be(e) or dash.may_be(e) for e in received()):
        return
    for frame in stage.frames():
        if await stage.ask(frame, FED) is True:
            stage.note(
                "a script of the page puts a film together from pieces that no playlist names: "
                "those that it asked for are kept, and whether these are all is not known"
            )
            return
