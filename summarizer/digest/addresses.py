"""What tells two versions of one article: the address that it has without its decoration, and an agency's slug."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..schemas.article import Article

_LONGEST = 2_000  # characters of an address that is looked at
# Hosts that serve a site's own pages in another form. "edition." or "news." may be another paper and stay.
_TWIN_HOSTS = ("www.", "m.", "mobile.", "amp.")
_AMP_CACHE = ".cdn.ampproject.org"
_CACHED = re.compile(r"/[cv]/(?:s/)?(?P<address>[^/]+\.[^/]+/.*)")
_AMP_ENDING = re.compile(r"(?:\.amp(?=\.html?$)|\.amp$|/amp$)", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
# What counts clicks and never names a page. "id", "p" or "article" do, and "ref", "source" and "cid" may: they stay.
_COUNTING = re.compile(
    r"(?:utm|pk|mtm|matomo|hsa|vero|oly|mkt|itm|ns)_\w+|_hs(?:enc|mi)|(?:fb|g|gb|dc|ms|tw|yc|wic|tt|li_fat_)cl(?:k|)id"
    r"|msclkid|twclid|igsh(?:id)?|wbraid|gbraid|gclsrc|mc_[ce]id|_ga|_gl|at_(?:medium|campaign|custom\d|link\w*|format|bbc_team|ptr_name)"
    r"|cmpid|smid|smtyp|ito|ftag|xtor|ocid|taid|sr_share|ncid|guccounter|guce_referrer(?:_sig)?",
    re.IGNORECASE,
)
_AMP_SWITCHES = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")}

_HEAD_LINES, _LONGEST_LINE = 3, 120  # of an article's text, where a slug may stand
# "BC-EU--Norland-Strait, 3rd Ld-Writethru" and "NORLAND-STRAIT/ (UPDATE 2)".
_SLUGS = (
    re.compile(r"(?P<slug>(?:AM|PM|BC)-[A-Z][\w’'.]*(?:-{1,2}[\w’'.]+| [A-Z][\w’'.]*){1,5})(?=\s*(?:,|\(|$))"),
    re.compile(r"(?P<slug>[A-Z]{3,}(?:-[A-Z]+)+/[A-Z]*(?:-[A-Z]+)*)(?=\s*(?:,|\(|$))"),
)


def canonical_address(url: str | None) -> str | None:
    """The address of an article as far as it names it: the same for its mobile, AMP and shared forms.

    Taken off are the scheme, `www.`, `m.`, `mobile.` and `amp.`, a default port, what AMP adds, `index.html`, a slash
    at the end, the fragment and parameters that only count clicks; the others are put in order. None for what is no
    address of the web, and for a site's front page, which is a different thing every hour.
    """
    try:
        parts = urlsplit((url or "").strip()[: _LONGEST + 1])
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or len(url or "") > _LONGEST:
        return None
    if host.endswith(_AMP_CACHE) and (cached := _CACHED.fullmatch(parts.path)):
        return canonical_address(f"https://{cached['address']}{'?' if parts.query else ''}{parts.query}")
    for twin in _TWIN_HOSTS:
        if host.startswith(twin) and host.count(".") > 1:
            host = host.removeprefix(twin)
    path = _INDEX.sub("", _AMP_ENDING.sub("", re.sub(r"/{2,}", "/", parts.path).rstrip("/"))).rstrip("/")
    if path.lower().startswith("/amp/"):
        path = path[4:]
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _COUNTING.fullmatch(name) and (name.lower(), value.lower()) not in _AMP_SWITCHES
    )
    if not path and not query:
        return None
    named = f"{host}:{port}" if port not in (None, 80, 443) else host
    return f"{named}{path}{'?' if query else ''}{urlencode(query)}"


def wire_slug(article: Article) -> str | None:
    """The name that an agency gives a story in its title or first lines, in lower case; None where there is none.

    What says which version it is (“2nd Ld”, “UPDATE 3”) is no part of it.
    """
    lines = [article.title or "", *article.text[: _HEAD_LINES * _LONGEST_LINE].splitlines()[:_HEAD_LINES]]
    for line in lines:
        plain = line.strip()
        if len(plain) <= _LONGEST_LINE:
            for pattern in _SLUGS:
                if found := pattern.match(plain):
                    return found["slug"].casefold()
    return None
