"""What servers of the fediverse say in common protocols, whatever software they run.

`TOLD` is ActivityStreams 2.0 (Tombstone, Delete): the origin server says itself that the post was deleted,
which settles it. `client_api` are the answers of Mastodon's client API, which Pleroma, GoToSocial, Pixelfed,
Truth Social and Gab speak too. A post's audience cannot be changed once it is out, so that the origin's
API no longer knows a post that an article could embed means that the post or its account was deleted:
one authoritative answer. Where the server is not known to be the author's own it is none: servers show posts of
others, and forget them. Nor are ids of Pleroma's kind, whose servers say of every post that they have no such record
once their owner shuts strangers out. A post of an account that the server has
suspended gets the same answer. A bare 404 may come from anything before the server, and the embed view and
the page are the same server speaking: one witness, not two.
"""

from archiver.domain.capture import Status
from archiver.platforms.signs import Sign

ASK = r"/api/v[12]/statuses/{id}(?:[/?]|$)"
_DELETED = "the server says that the post was deleted"
_OWN = r"(?:.*[/=])?{id}(?:[/#?].*)?"

TOLD: tuple[Sign, ...] = (
    Sign("activitypub.answer", Status.GONE, "json", "$.type=Tombstone", _DELETED, "{main}", "authoritative"),
    Sign("activitypub.tombstone", Status.GONE, "json", f"$.type=Tombstone; $.id={_OWN}", _DELETED, "",
         "authoritative"),
    Sign("activitypub.delete", Status.GONE, "json", f"$.type=Delete; $.object.id={_OWN}", _DELETED, "",
         "authoritative"),
    Sign("activitypub.delete-link", Status.GONE, "json", f"$.type=Delete; $.object={_OWN}", _DELETED, "",
         "authoritative"),
)  # fmt: skip


def client_api(name: str, own: str = "") -> tuple[Sign, ...]:
    """The rows of a platform that speaks Mastodon's client API; `name` begins the rules, `own` is `{own}` where
    servers show posts of other servers."""
    return (
        Sign(f"{name}.no-record", Status.GONE, "json", r"$.error=(?:record |status |post )?not found\b.*",
             "the server says that it has no such post: deleted, or its account", own + ASK,
             "authoritative", ids=r"(?!.*/notice/).*"),
        Sign(f"{name}.api-410", Status.GONE, "status", "410", "the server says that the post is gone for good",
             own + ASK, "authoritative"),
        Sign(f"{name}.api-404", Status.GONE, "status", "404", "the server does not know the post (HTTP 404)", ASK),
        Sign(f"{name}.api-closed", Status.LOGIN_WALL, "status", "401|403",
             "the server answers only those who log in", ASK),
        Sign(f"{name}.suspended", Status.WITHHELD, "json", "id={id}; account.suspended=true",
             "the server has suspended the author's account", ASK, "authoritative"),
    )  # fmt: skip
