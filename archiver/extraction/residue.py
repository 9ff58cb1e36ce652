"""What the embeds of Instagram, Facebook, TikTok, Reddit, Mastodon and Threads leave in plain text.

Their fallback markup ends in a fixed phrase in the language of the site (embed-formats B3). The phrase
names the author, sometimes a day; the identity of the post itself is never in the text. The Instagram
phrases marked `[V]` there were seen in articles, the others are the platform's wording elsewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from archiver.extraction.dates import When, read_date, read_when
from archiver.extraction.text_marks import HANDLE_IN_BRACKETS, Mark
from archiver.extraction.text_span import SENTENCE_END, begins_a_line, tidy

SHARED_BY = (
    "A post shared by", "A photo shared by", "A video shared by", "A photo posted by", "A video posted by",
    "A reel shared by", "Una publicación compartida por", "Una publicación compartida de",
    "Una foto publicada por", "Un vídeo publicado por", "Un video publicado por",
    "Una publicació compartida per", "Une publication partagée par", "Une photo publiée par",
    "Une vidéo publiée par", "Ein Beitrag geteilt von", "Ein von", "Uma publicação compartilhada por",
    "Uma publicação partilhada por", "Uma foto publicada por", "Um vídeo publicado por",
    "Um post compartilhado por", "Un post condiviso da", "Una foto pubblicata da", "Un video pubblicato da",
    "Sebuah kiriman dibagikan oleh", "Kiriman dibagikan oleh", "Sebuah foto diposting oleh",
    "Siaran dikongsi oleh", "Isang post na ibinahagi ni", "Post udostępniony przez",
    "Zdjęcie zamieszczone przez", "Film zamieszczony przez", "Een bericht gedeeld door",
    "Een foto die is geplaatst door", "Een foto geplaatst door", "Een video geplaatst door",
    "Ett inlägg delat av", "Ett foto publicerat av", "Ett filmklipp publicerat av", "Et opslag delt af",
    "Et innlegg delt av", "Příspěvek sdílený", "Příspěvek, který sdílí", "Príspevok, ktorý zdieľa",
    "O postare distribuită de", "O fotografie postată de", "O postare partajată de",
    "Η δημοσίευση κοινοποιήθηκε από", "Публикация, споделена от", "Објава коју дели", "Objava koju dijeli",
    "Objava koju deli", "Публикация от", "Фото опубликовано", "Видео опубликовано", "Допис, поширений",
    "Публікація від", "Публікація, поширена", "تمت مشاركة منشور بواسطة", "פוסט משותף על ידי",
    "פוסט ששותף על ידי", "یک پست به اشتراک گذاشته شده توسط", "โพสต์ที่แชร์โดย", "Bài viết do",
    "Bài đăng do",
)  # fmt: skip
"""The words before `NAME (@handle)`."""

_SHARED_LOWER = tuple({phrase.lower() for phrase in SHARED_BY})
SHARED_AFTER = re.compile(
    r"\s{0,2}(?:['’]?\w{0,5}\s(?:paylaştığı|tarafından)|がシェアした|님(?:의|이)\s?(?:공유|게시)"
    r"|分享的|द्वारा साझा|által megosztott|jakama julkaisu|chia sẻ|gepostetes)"
)
"""The words after `NAME (@handle)` where the language puts the verb last."""

CONNECTION = re.compile(
    r"[\s,·-]{0,4}(?:on|le|el|em|am|il|op|pada|den|dnia|в|님,?|tarihinde|[^\W\d_]{1,12}의?\s?게시물님,)?",
    re.IGNORECASE,
)
LEFT_OVER = re.compile(
    r"[^\S\n]{1,3}(?:on|le|el|em|am|il|op|pada|den|dnia|в)(?=[^\S\n]{0,3}(?:\n|$))"
)
"""What leads to a day, at the end of a line: the day itself was left out."""
PACIFIC = re.compile(r"(?<![A-Za-z])P[SD]T(?![A-Za-z])")
PACIFIC_REACH = 110
"""Characters after an attribution within which the Pacific time that goes with its date stands."""
NOT_IN_NAMES = re.compile(rf"{SENTENCE_END.pattern}|#|\s{{2,}}")
_WORD = re.compile(r"(?<!\w)\w")
_VERBS = ("がシェアした投稿", "님의 공유 게시물", "paylaştığı bir gönderi", "分享的貼文")
AFTER_BARE = re.compile(
    r"(?<![\w(（@＠/.])@(?P<handle>[A-Za-z0-9_.]{1,30})"
    rf"(?=(?:さん|['’]\w{{1,5}}\s)?(?:{'|'.join(_VERBS)}))"
)
"""A handle alone, where the verb comes after it."""
BARE_HANDLE = re.compile(r"[\s:\u200f]{0,3}@\s?(?P<handle>[A-Za-z0-9_.]{1,30})")
HEADER = re.compile(
    r"View this (?:post|photo|video|profile) on Instagram|Lihat postingan ini di Instagram"
    r"|Ver esta publicaci(?:ón en|ão no) Instagram|Ver essa foto no Instagram"
    r"|Voir cette publication sur Instagram|Diesen Beitrag auf Instagram ansehen"
    r"|Sieh dir diesen Beitrag auf Instagram an|Visa det här inlägget på Instagram"
    r"|Dit bericht op Instagram bekijken|Vis dette (?:opslag|innlegget) på Instagram"
    r"|Zobrazit příspěvek na Instagramu|Näytä tämä julkaisu Instagramissa|Vezi această postare pe Instagram"
    r"|A bejegyzés megtekintése az Instagramon|Δείτε αυτήν? τη δημοσίευση στο Instagram"
    r"|Visualizza questo post su Instagram|Xem bài viết này trên Instagram|この投稿をInstagramで見る"
    r"|Bekijk dit bericht op Instagram|Wyświetl ten post na Instagramie|Посмотреть эту публикацию в Instagram"
    r"|Переглянути (?:цей допис|цю публікацію) в Instagram|Vizualizați această postare pe Instagram"
    r"|Bu gönderiyi Instagram['’]da gör|Instagram에서 이 게시물 보기|在 Instagram 查看這則貼文"
    r"|在 Instagram 查看(?:此|这)帖(?:子)?|عرض هذا المنشور على Instagram",
    re.IGNORECASE,
)
NAME_REACH = 120
LINES = 5
"""Lines over which a name between two phrases may be spread by blank ones."""
CAPTION_REACH = 2400

_FACEBOOK_WORDS = (
    "Posted by", "Publicado por", "Publié par", "Publiée par", "Gepostet von", "Pubblicato da",
    "Geplaatst door", "Publicat de", "Publicată de", "Opublikowany przez", "Опубликовано",
    "Опубліковано", "Dikirim oleh", "Slået op af", "Publicerat av", "Zveřejnil(a)",
    "Δημοσιεύτηκε από",
)  # fmt: skip
FACEBOOK = re.compile(
    f"(?:{'|'.join(map(re.escape, _FACEBOOK_WORDS))})"
    r"\s(?P<name>[^\n]{1,90}?)\s(?:(?:on|en|em|sur|am|su|op|pe|pada|den|i|v|στις)\s)?"
    r"(?P<day>[^\W\d_]{3,14}(?:-feira)?)(?P<comma>,)?\s{1,2}(?=\d|[^\W\d_]{3,12}\.?\s\d)",
)
"""`Posted by NAME on WEEKDAY, ` and the date: the weekday tells it from the bylines of blogs."""
FACEBOOK_ELSEWHERE = re.compile(
    r"(?:(?<=[\n.!?/])|^)(?P<before>[^\n.!?/:]{2,60}) paylaştı:\s{1,3}(?=\d)"
    r"|โพสต์โดย\s?(?P<after>[^\n]{1,90}?)\sเมื่อ\s{1,3}วัน\S{3,14}ที่\s(?=\d)"
)
"""The same where the name stands before the verb and the weekday behind the date, or the date reads on it."""
_BEHIND = re.compile(r"\s(?:Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi|Pazar)\b")
ENGLISH_DAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)
"""Behind these the platform puts a comma, where other sites' bylines put none."""

WEEKDAYS = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|segunda|terça|quarta|quinta|sexta|sabado|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunedì|martedì|mercoledì|giovedì|venerdì|sabato"
    r"|domenica|(?:maan|dins|woens|donder|vrij|zater|zon)dag|luni|marți|miercuri|joi|vineri|sâmbătă"
    r"|duminică|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|понедельник|вторник|среда"
    r"|четверг|пятница|суббота|воскресенье|понеділок|вівторок|середа|четвер|п['’]ятниця|субота|неділя"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu|(?:man|tirs|ons|tors|fre|lør|sön|søn|mån|tis|lör)dag",
    re.IGNORECASE,
)
TIKTOK = re.compile(r"♬\s{0,2}(?P<sound>[^\n♬]{1,160})")
TIKTOK_HEAD = re.compile(
    r"(?:(?<=\s)|(?<=[.!?”\"])|^)@(?P<handle>[A-Za-z0-9_][A-Za-z0-9_.]{1,23})(?=\s)"
)
TIKTOK_REACH = 900
REDDIT = re.compile(
    r"(?:(?P<comment>Comment\s?)?by\s?u/(?P<user>[A-Za-z0-9_-]{3,20}))"
    r"(?:\s?from discussion\s?(?P<title>[^\n]{0,300}?))?(?P<glue>\s?in\s?)(?:r/)?(?P<sub>[A-Za-z0-9_]{2,21})"
    r"(?P<last>[^\S\n]{0,3}(?=\n|$))?"
)
MASTODON = re.compile(
    r"Post by @(?P<handle>[A-Za-z0-9_.-]{1,40}@[A-Za-z0-9.-]{3,80}?)[\s>]{0,6}View on Mastodon"
)
THREADS = re.compile(r"Post by @(?P<handle>[A-Za-z0-9_.]{1,30}?)[\s>]{0,6}View on Threads")


def residues(text: str) -> Iterator[Mark]:
    """Every residue of these platforms, in no particular order."""
    if "@" in text or "＠" in text:
        lower = text.lower()
        held = tuple(phrase for phrase in _SHARED_LOWER if phrase in lower)
        if held:
            yield from _under_headers(text, _instagram_before(text, _any_of(held)))
        yield from _under_headers(text, _instagram_after(text))
    if any(phrase in text for phrase in _FACEBOOK_WORDS):
        yield from _facebook(text)
    if "paylaştı:" in text or "โพสต์โดย" in text:
        yield from _facebook_elsewhere(text)
    if "♬" in text:
        yield from _tiktok(text)
    if "u/" in text:
        yield from _reddit(text)
    yield from _fixed(text, MASTODON, "mastodon", "View on Mastodon")
    yield from _fixed(text, THREADS, "threads", "View on Threads")


@lru_cache(maxsize=256)
def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """The pattern of a few phrases, which is much quicker than that of all."""
    words = map(re.escape, sorted(phrases, key=len, reverse=True))
    return re.compile(f"(?:{'|'.join(words)})(?=\\W)", re.IGNORECASE)


def _instagram_before(text: str, shared: re.Pattern[str]) -> Iterator[Mark]:
    """`A post shared by NAME (@handle)`, in the languages that put the verb first."""
    for phrase in shared.finditer(text):
        low = phrase.end()
        bracket = HANDLE_IN_BRACKETS.search(text, low, low + NAME_REACH)
        bare = BARE_HANDLE.match(text, low)
        if bare and bracket and _dated(text, bare.end()):
            bracket = None
        if (
            bracket
            and _one_name(text[low : bracket.start()])
            and _verb_is_there(text, phrase, bracket)
        ):
            name = tidy(text[low : bracket.start()])
            yield _instagram(text, phrase.start(), bracket.end(), bracket["handle"], name)
        elif bare and len(phrase[0]) > 8:
            yield _instagram(text, phrase.start(), bare.end(), bare["handle"].rstrip("."), "")


def _one_name(piece: str) -> bool:
    """Whether a piece of text is a name, which may have a line to itself, and not the next paragraph."""
    lines = piece.splitlines()
    return len(lines) <= 2 or (len(lines) <= LINES and sum(map(bool, map(str.strip, lines))) <= 1)


def _verb_is_there(text: str, phrase: re.Match[str], bracket: re.Match[str]) -> bool:
    """Phrases too short to tell anything alone (`Ein von …`) need their second half."""
    short = phrase[0].lower() in {"ein von", "bài viết do", "bài đăng do"}
    return not short or SHARED_AFTER.match(text, bracket.end()) is not None


def _instagram_after(text: str) -> Iterator[Mark]:
    """`NAME (@handle)がシェアした投稿`, and any wording that ends in a date with Pacific time."""
    for bracket in HANDLE_IN_BRACKETS.finditer(text):
        at = bracket.end()
        verb = SHARED_AFTER.match(text, at)
        pacific = not verb and PACIFIC.search(text, at, at + 60)
        if verb or (pacific and "\n" not in text[at : pacific.start()] and _dated(text, at)):
            low = _after_header(text, bracket.start())
            name = tidy(NOT_IN_NAMES.split(text[low : bracket.start()])[-1])
            start = text.rfind(name, low, bracket.start()) if name else bracket.start()
            start = start if start >= 0 else bracket.start() - len(name)
            yield _instagram(text, start, at, bracket["handle"], name)
    for bare in AFTER_BARE.finditer(text) if any(verb in text for verb in _VERBS) else ():
        yield _instagram(text, bare.start(), bare.end(), bare["handle"], "")


def _after_header(text: str, at: int) -> int:
    """The first place from which the name that ends at `at` can begin: on its line, behind a header."""
    line = text.rfind("\n", 0, at) + 1
    low = max(line, at - NAME_REACH)
    known = text.find("nstagram", low, at) >= 0
    headers = [header.end() for header in HEADER.finditer(text, low, at)] if known else []
    return max(line, at - 60, *headers)


def _instagram(text: str, start: int, end: int, handle: str, name: str) -> Mark:
    when = _dated(text, end)
    rest = LEFT_OVER.match(text, end)
    return Mark(
        start=start,
        end=when.end if when else rest.end() if rest else end,
        platform="instagram",
        rule="text.instagram",
        confidence=0.9,
        handle=handle.replace("\\", "").strip("."),
        name=name or None,
        day=when.day if when else None,
        at=when.at if when else None,
    )


def _dated(text: str, at: int) -> When | None:
    link = CONNECTION.match(text, at)
    near = read_when(text, at) or (read_when(text, link.end()) if link else None)
    return near or _before_pacific(text, at)


def _before_pacific(text: str, at: int) -> When | None:
    """The first date before the Pacific time on the same line, whatever words lead to it."""
    stop = text.find("\n", at, at + PACIFIC_REACH)
    zone = PACIFIC.search(text, at, stop if stop >= 0 else at + PACIFIC_REACH)
    for word in _WORD.finditer(text, at, zone.start()) if zone else ():
        when = read_when(text, word.start())
        if zone and when and when.end <= zone.end():
            return when
    return None


def _under_headers(text: str, marks: Iterable[Mark]) -> Iterator[Mark]:
    """The same marks, each with the caption after the header `View this post on Instagram` above it."""
    found = tuple(marks)
    known = found and "nstagram" in text
    headers = [header.end() for header in HEADER.finditer(text)] if known else []
    for mark in found:
        place = bisect_right(headers, mark.start) - 1
        near = place >= 0 and mark.start - headers[place] <= CAPTION_REACH
        yield replace(mark, words=(headers[place], mark.start)) if near else mark


def _facebook(text: str) -> Iterator[Mark]:
    for phrase in FACEBOOK.finditer(text):
        day = phrase["day"].removesuffix("-feira").lower()
        byline = phrase["comma"] is None and day in ENGLISH_DAYS
        when = read_date(text, phrase.end()) if WEEKDAYS.fullmatch(day) and not byline else None
        if when and text[: phrase.start()].strip():
            yield Mark(
                start=phrase.start(),
                end=when.end,
                platform="facebook",
                rule="text.facebook",
                confidence=0.7,
                name=tidy(phrase["name"]),
                day=when.day,
            )


def _facebook_elsewhere(text: str) -> Iterator[Mark]:
    for phrase in FACEBOOK_ELSEWHERE.finditer(text):
        when = read_date(text, phrase.end())
        behind = _BEHIND.match(text, when.end) if when else None
        if when and (behind or phrase["after"]) and text[: phrase.start()].strip():
            yield Mark(
                start=phrase.start(),
                end=behind.end() if behind else when.end,
                platform="facebook",
                rule="text.facebook",
                confidence=0.7,
                name=tidy(phrase["before"] or phrase["after"]),
                day=when.day,
            )


def _tiktok(text: str) -> Iterator[Mark]:
    """`@handle CAPTION ♬ sound`: the handle stands first, the nearest line that begins with one."""
    floor = 0
    for note in TIKTOK.finditer(text):
        low = max(floor, note.start() - TIKTOK_REACH)
        heads = list(TIKTOK_HEAD.finditer(text, low, note.start()))
        floor = note.end()
        lines = [head for head in heads if begins_a_line(text, head.start())]
        same = [head for head in heads if "\n" not in text[head.start() : note.start()]]
        head = lines[-1] if lines else same[0] if same else None
        if head:
            yield Mark(
                start=head.start(),
                end=note.end(),
                platform="tiktok",
                rule="text.tiktok",
                confidence=0.8 if lines else 0.6,
                handle=head["handle"].rstrip("."),
                words=(head.end(), note.start()),
            )


def _reddit(text: str) -> Iterator[Mark]:
    """`TITLE by u/USER in SUB`; in running prose only where the glue of the markup shows."""
    for credit in REDDIT.finditer(text):
        glued = "byu/" in credit[0] or credit["glue"].endswith("in") or credit["comment"]
        if glued or credit["last"] is not None:
            title = credit.span("title") if credit["title"] else None
            yield Mark(
                start=credit.start(),
                end=credit.end(),
                platform="reddit",
                rule="text.reddit",
                confidence=0.8,
                handle=credit["user"],
                words=title,
            )


def _fixed(text: str, pattern: re.Pattern[str], platform: str, label: str) -> Iterator[Mark]:
    for match in pattern.finditer(text) if label in text else ():
        yield Mark(
            start=match.start(),
            end=match.end(),
            platform=platform,
            rule=f"text.{platform}",
            confidence=0.9,
            handle=match["handle"].rstrip("."),
            words=(match.start(), match.start()),
        )
