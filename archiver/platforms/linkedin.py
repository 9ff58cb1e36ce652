"""LinkedIn. Source: embed-formats A1 row 22, A2 section 22–25.

The same post has three URN kinds with different numbers: they are kept apart (`share:ID`, …).
"""

from archiver.domain.capture import Status
from archiver.platforms.contract import Address, Form, Platform
from archiver.platforms.engine.times import snowflake
from archiver.platforms.signs import Sign

_KIND = r"(?P<kind>share|ugcPost|activity|groupPost)"
_ID = r"(?P<id>\d{15,20})"
_URN = rf"urn:li:{_KIND}:(?:\d+-)?{_ID}"

LINKEDIN = Platform(
    name="linkedin",
    label="LinkedIn",
    hosts=("linkedin.com",),
    short_hosts=("lnkd.in",),
    forms=(
        Form(rf"/(?:embed/)?feed/update/{_URN}(?:\W.*)?", id="{kind}:{id}"),
        Form(rf"/posts/(?P<author>[^/]*?)_.*-{_KIND}-{_ID}-[\w-]+", id="{kind}:{id}"),
        Form(rf"/posts/.*-{_KIND}-{_ID}(?:-[\w-]*)?", id="{kind}:{id}"),
        Form(r"/(?:shareArticle|sharing|share|cws|uas|login|signup).*", kind="share"),
        Form(r"/(?:in|company|school|showcase)/(?P<author>[^/]+)(?:/.*)?", kind="profile"),
    ),
    addresses=(
        Address(
            id=rf"{_KIND}:{_ID}",
            permalink=("https://www.linkedin.com/feed/update/urn:li:{kind}:{id}/",),
            embed=("https://www.linkedin.com/embed/feed/update/urn:li:{kind}:{id}",),
        ),
    ),
    time=snowflake(22),
    types=("linkedin", "linkedinpost"),
    unseen="The time in the id has no ground truth.",
    aliases=True,
    drawn=(".share-update-card", "[data-test-id=main-feed-activity-card__commentary]", "article.main-feed-card"),
    element=(".share-update-card", "article"),
    signs=(
        Sign("linkedin.unavailable", Status.GONE, "text", "This post (?:is unavailable|cannot be displayed)",
             "LinkedIn says that the post is not available: deleted, or shown to some only", "", "weak", "embed"),
    ),
)  # fmt: skip
