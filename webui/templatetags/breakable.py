"""Addresses that break after a slash instead of in the middle of a word."""

import re

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def breakable(text: str) -> SafeString:
    parts = re.split(r"(?<=[^/]/)(?=[^/])", text)
    return format_html_join(SafeString("<wbr>"), "{}", ((part,) for part in parts))
