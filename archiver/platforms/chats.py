"""Discord, LINE VOOM, ShareChat, Kick. Source: embed-formats A1 rows 46, 52, 53, 59."""

from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.tail import player
from archiver.platforms.engine.times import DISCORD_EPOCH_MS, snowflake, uuid7_or_ulid

_N = r"\d{17,20}"

DISCORD = Platform(
    name="discord",
    label="Discord",
    hosts=("discord.com", "discordapp.com"),
    short_hosts=("discord.gg",),
    forms=(
        Form(r"/widget", kind="widget"),
        Form(rf"/channels/(?P<guild>{_N}|@me)/(?P<channel>{_N})/(?P<n>{_N})", id="{guild}/{channel}/{n}"),
        Form(r"/(?:invite|api|oauth2|login|register|download).*", kind="share"),
    ),
    addresses=(
        Address(
            id=rf"(?P<guild>{_N}|@me)/(?P<channel>{_N})/(?P<n>{_N})",
            permalink=("https://discord.com/channels/{guild}/{channel}/{n}",),
        ),
    ),
    time=snowflake(22, DISCORD_EPOCH_MS),
    types=("discord",),
    unseen="Messages cannot be seen without an account.",
)  # fmt: skip

KICK = Platform(
    name="kick",
    label="Kick",
    hosts=("kick.com",),
    forms=(
        Form(r"/(?P<author>\w+)/videos/(?P<vod>[0-9a-f-]{36})", id="video:{vod}"),
        Form(r"/(?:video)/(?P<vod>[0-9a-f-]{36})", id="video:{vod}"),
        Form(r"/(?P<author>\w+)/clips/(?P<clip>clip_\w{26})", id="clip:{clip}"),
        Form(r"/\w+", host=r"player\.kick\.com", kind="widget"),
        Form(r"/(?P<author>\w+)", kind="profile"),
    ),
    addresses=(
        Address(
            id=r"video:(?P<vod>[0-9a-f-]{36})",
            permalink=("https://kick.com/{author}/videos/{vod}", "https://kick.com/video/{vod}"),
        ),
        Address(
            id=r"clip:(?P<clip>clip_\w{26})",
            permalink=("https://kick.com/{author}/clips/{clip}", "https://kick.com/i/clips/{clip}"),
        ),
    ),
    time=uuid7_or_ulid,
    types=("kick",),
    unseen="Only live channels have an embed view.",
)

CHATS = (
    DISCORD,
    KICK,
    player(
        "linevoom", "LINE VOOM", "linevoom.line.me timeline.line.me",
        (r"/post/(?:_\w+/)?(?P<id>\d{16,20})",), "https://linevoom.line.me/post/{id}",
        id=r"(?P<id>\d{16,20})", short="lin.ee", widgets=r"/user/.*",
    ),
    player(
        "sharechat", "ShareChat", "sharechat.com",
        (r"/(?:post|video)/(?P<id>[A-Za-z0-9]{6,8})",), "https://sharechat.com/post/{id}",
        id=r"(?P<id>[A-Za-z0-9]{6,8})", widgets=r"/(?:tag|profile)/.*",
    ),
    player(
        "moj", "Moj", "mojapp.in",
        (r"/@(?P<author>[\w.]+)/video/(?P<id>\d+)",), "https://mojapp.in/@{author}/video/{id}",
        id=r"(?P<id>\d{6,12})",
    ),
)  # fmt: skip
"""Messengers and what belongs to them."""
