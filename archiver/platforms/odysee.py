"""Odysee and LBRY. Source: embed-formats A1 row 31, A2 table 26–51. The id is `@channel:c/name:claim`."""

from archiver.platforms.contract import Address, Form, Platform

_CHANNEL = r"(?P<author>@[^/:#@]+(?:[:#][0-9a-f]+)?)"
_NAME = r"(?P<name>[^/:#@$]+[:#/][0-9a-f]{1,40})"

ODYSEE = Platform(
    name="odysee",
    label="Odysee",
    hosts=("odysee.com", "lbry.tv", "open.lbry.com", "lbry:"),
    forms=(
        Form(rf"/\$/(?:embed|iframe)/{_CHANNEL}/{_NAME}", id="{author}/{name}"),
        Form(rf"/\$/(?:embed|iframe)/{_NAME}", id="{name}"),
        Form(r"/\$/r/.+", kind="short"),
        Form(r"/\$/.*", kind="share"),
        Form(rf"/*{_CHANNEL}/{_NAME}", id="{author}/{name}"),
        Form(rf"/*{_CHANNEL}", kind="profile"),
        Form(rf"/{_NAME}", id="{name}"),
    ),
    addresses=(
        Address(
            id=rf"(?P<id>(?:{_CHANNEL}/)?{_NAME})",
            permalink=("https://odysee.com/{id}",),
            embed=("https://odysee.com/$/embed/{id}",),
        ),
    ),
    endpoints=("https://odysee.com/$/oembed?url={url}",),
    types=("odysee", "lbry"),
)
