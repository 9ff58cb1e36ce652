"""What any site may say of a post: schema.org objects, oEmbed, the page's card (OpenGraph).

Sources: schema.org (SocialMediaPosting, VideoObject), the oEmbed specification 2.3, ogp.me.
"""

from archiver.platforms.readings.contract import Reading

READINGS = (
    Reading(
        name="schema.org",
        having=("@type=(?:.*Posting|VideoObject|AudioObject|ImageObject|NewsArticle|Article)",),
        post=("url:url | mainEntityOfPage.@id | mainEntityOfPage | embedUrl | @id", "asked"),
        told=(
            ("author_name", "author.name | creator.name | author.0.name"),
            ("author_handle", "author.alternateName | author.identifier.value | author.url | creator.url"),
            ("author_id", "author.identifier"),
            ("title", "headline | name"),
            ("text", "articleBody | text | description"),
            ("language", "inLanguage"),
            ("posted_at", "datePublished | dateCreated | uploadDate"),
            ("edited_at", "dateModified"),
        ),
        media="video.* | video | image.* | image",
        medium=(("url", "contentUrl | url | "), ("preview", "thumbnailUrl"), ("width", "width"), ("height", "height")),
    ),
    Reading(
        name="oembed",
        having=("type=rich|video|photo|link", "version=1(?:\\.0)?", "provider_name | html | url"),
        post=(
            "url:url", "url:html >> blockquote@cite", "url:html >> iframe@src", "url:html >> a:last-of-type@href",
            "asked",
        ),
        told=(
            ("author_name", "author_name"),
            ("author_handle", "author_url"),
            ("title", "title"),
            ("text", "description | html >> blockquote p"),
        ),
        media="thumbnail_url",
        medium=(("preview", ""),),
    ),
    Reading(
        name="opengraph",
        card=":root:has(meta[property^='og:']), :root:has(meta[name^='og:'])",
        post=("url:meta[property='og:url']@content | meta[name='og:url']@value | link[rel=canonical]@href", "asked"),
        told=(
            (
                "title",
                "meta[property='og:title']@content | meta[name='og:title']@content"
                " | meta[name='og:title']@value",
            ),
            (
                "text",
                "meta[property='og:description']@content | meta[name='og:description']@content"
                " | meta[name='og:description']@value",
            ),
            ("author_name", "meta[name=author]@content"),
            ("author_handle", "meta[name='twitter:creator']@content | meta[property='profile:username']@content"),
            ("posted_at", "meta[property$='article:published_time']@content"),
            ("edited_at", "meta[property='article:modified_time']@content"),
            ("language", "meta[property='og:locale']@content"),
        ),
        media="meta[property='og:video'] | meta[property='og:image']",
        medium=(("url", "@content"),),
    ),
)  # fmt: skip
