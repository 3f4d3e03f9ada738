"""Personal data in text, found and masked: addresses, telephone numbers, cards, accounts.

What looks like one must also check as one, so that the numbers of a technical text stay: a card
passes its issuer's length and the Luhn sum, an account its country's length and ISO 7064, a
telephone number the numbering plan (phonenumbers). Names of people are not looked for: without a
model of language they cannot be told from names of methods.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator

from havoc.errors import InputError

KINDS = ("email", "phone", "card", "iban", "ip", "ssn", "secret")
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+%-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\b"
)
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -]?)\d{6}\2\d{5})(?![\w-]|\.\d)"
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]|\.\d)")
# Area 000, 666 and 900 to 999 were never issued (Social Security Administration).
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)|(?<!\w)(?:ghp|gho|ghs)_[A-Za-z0-9]{36}(?!\w)",
    re.DOTALL,
)
_PHONE_WORD = r"\b(?:tel|phone|fax|mobile|telefon|call)\b"
_PHONE_SIGN = re.compile(rf"\+\s?\d|{_PHONE_WORD}", re.IGNORECASE)
_PHONE_BEFORE = re.compile(rf"{_PHONE_WORD}[^\d\n]{{0,16}}$", re.IGNORECASE)
# Major issuers and the digits a number of theirs has (ISO/IEC 7812).
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"
)

Span = tuple[int, int, str]


class Masker:
    """Replaces personal data by ``<EMAIL>``, ``<PHONE>`` and so on, and counts what it replaced.

    Parameters
    ----------
    region : str, optional
        Country (ISO 3166, such as "DE") whose national telephone numbers are meant where a word
        such as "tel" stands before one. Without it only numbers with a country code are found.
    """

    def __init__(self, region: str | None = None) -> None:
        try:
            import phonenumbers
            from stdnum import iban, luhn
        except ModuleNotFoundError as error:
            raise InputError(
                f"masking personal data needs {error.name}; run pip install 'havoc[ingest]'"
            ) from None
        if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
            raise InputError(f"region: '{region}' is no country code of two letters, such as DE")
        self.region = region
        self.counts: Counter[str] = Counter()
        self._match_phones = phonenumbers.PhoneNumberMatcher
        self._valid_iban: Callable[[str], bool] = iban.is_valid
        self._valid_luhn: Callable[[str], bool] = luhn.is_valid

    def mask(self, text: str) -> str:
        """Return ``text`` with what was found replaced."""
        taken: list[Span] = []
        for start, end, kind in self._found(text):
            if all(end <= s or start >= e for s, e, _ in taken):
                taken.append((start, end, kind))
        if not taken:
            return text
        parts, place = [], 0
        for start, end, kind in sorted(taken):
            parts += [text[place:start], f"<{kind.upper()}>"]
            place = end
            self.counts[kind] += 1
        return "".join([*parts, text[place:]])

    def _found(self, text: str) -> Iterator[Span]:
        """Candidates that check, the surest kind first: it wins where two overlap."""
        for match in _SECRET.finditer(text):
            yield *match.span(), "secret"
        if "@" in text:
            for match in _EMAIL.finditer(text):
                yield *match.span(), "email"
        for match in _IBAN.finditer(text):
            yield from self._iban(match)
        for match in _CARD.finditer(text):
            digits = re.sub(r"\D", "", match[0])
            if _ISSUERS.fullmatch(digits) and self._valid_luhn(digits):
                yield *match.span(), "card"
        for match in _SSN.finditer(text):
            yield *match.span(), "ssn"
        for match in _IP.finditer(text):
            if _is_public(match[0]):
                yield *match.span(), "ip"
        if _PHONE_SIGN.search(text):
            yield from self._phones(text)

    def _iban(self, match: re.Match[str]) -> Iterator[Span]:
        # Words in capitals after the number look like more of it: try shorter ends.
        text = match[0]
        while len(text) >= 15:
            if self._valid_iban(text):
                yield match.start(), match.start() + len(text), "iban"
                return
            text = text[:-1].rstrip()

    def _phones(self, text: str) -> Iterator[Span]:
        for found in self._match_phones(text, self.region):
            before = text[max(0, found.start - 24) : found.start]
            if "+" in found.raw_string or _PHONE_BEFORE.search(before):
                yield found.start, found.end, "phone"


def _is_public(text: str) -> bool:
    """Whether dotted numbers are an address of the Internet: versions such as 1.2.3.4 stay.

    Of the first octet 0 to 9, too common in version numbers, nothing is masked.
    """
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return address.is_global and int(text.split(".")[0]) >= 10
