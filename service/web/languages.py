"""What languages call themselves."""

NAMES = {
    "am": "አማርኛ",
    "ar": "العربية",
    "bn": "বাংলা",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "ha": "Hausa",
    "he": "עברית",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "km": "ខ្មែរ",
    "ko": "한국어",
    "my": "မြန်မာ",
    "ne": "नेपाली",
    "pt": "Português",
    "ru": "Русский",
    "sw": "Kiswahili",
    "ta": "தமிழ்",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


def language_name(tag: str) -> str:
    """The name of a language in that language, with the tag's other parts; else the tag."""
    primary, *rest = tag.split("-")
    name = NAMES.get(primary.lower(), primary)
    return f"{name} ({'-'.join(rest)})" if rest else name
