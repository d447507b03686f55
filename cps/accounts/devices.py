"""What a person calls a device, read from what its browser says of itself."""

_BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("KAKAOTALK", "KakaoTalk"),
    ("Whale", "Whale"),
    ("UCBrowser", "UC Browser"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """Return a few words by which a person knows a device, `Chrome · Android`; "" where nothing is known."""
    found = (
        next((name for mark, name in marks if mark in user_agent[:400]), "")
        for marks in (_BROWSERS, _SYSTEMS)
    )
    return " · ".join(filter(None, found))
