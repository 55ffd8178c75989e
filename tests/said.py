"""Reports of what happened to jobs, in a sentence."""

from shopwatch.domain.i18n import Phrase
from shopwatch.domain.report import Report


def said(sentence: str, code: str = "", words: str = "") -> Report:
    return Report(code, (Phrase(sentence),), words)
