"""Numbers that nobody holds: well-formed, their check digits right, in ranges that were never given out.

- Resident IDs (GB 11643) begin with 4399: Hunan's cities were 4301 to 4313, 4331 and, for counties directly under the
  province until 1995, 4390; no table of GB/T 2260 since 1980 has had a code that begins with 4399.
- Organisation codes (GB 11714), and the social credit codes (GB 32100) made with them, begin with XN (虚拟) as those of
  the demo province's agencies do, from 100000 up; the county digits of a firm's code are real.
- Registration numbers (GS 15-2006), institution and organisation certificates name the registrar 4399xx.
- Landline numbers begin with 0 behind the area code, which no subscriber's number does. Mobile numbers begin with
  1540000, a block without subscribers.
"""

from __future__ import annotations

from datetime import date

from shuniu.base.identifiers import (
    organisation_check_digit,
    registration_check_digit,
    resident_check_digit,
    uscc_check_digit,
)

NEVER_ISSUED = "4399"
RESERVED = "XN"
FIRST = 100000
MOBILE = "1540000"


def resident_id(place: int, born: date, serial: int, *, male: bool) -> str:
    """The `serial`-th (0 to 498) person of that sex, born on that day at imaginary place 1 to 99."""
    body = f"{NEVER_ISSUED}{place:02d}{born:%Y%m%d}{serial * 2 + (1 if male else 2):03d}"
    return body + resident_check_digit(body)


def old_resident_id(number: str) -> str:
    """The 15-digit form of a number whose holder was born before 2000."""
    return number[:6] + number[8:17]


def organisation_code(number: int) -> str:
    """Nine characters, from XN100000 up."""
    body = f"{RESERVED}{FIRST + number:06d}"
    return body + organisation_check_digit(body)


def uscc(prefix: str, county: str, number: int) -> str:
    """The code of a unit of that kind (`91`, `92` …) in a county: its organisation code is `organisation_code(number)`."""
    body = prefix + county + organisation_code(number)
    return body + uscc_check_digit(body)


def registration_number(number: int) -> str:
    """15 digits of a registrar that there is not."""
    body = f"{NEVER_ISSUED}00{number:08d}"
    return body + registration_check_digit(body)


def old_registration_number(number: int) -> str:
    """13 digits, as before 2007."""
    return f"{NEVER_ISSUED}00{number:07d}"


def institution_number(number: int) -> str:
    return f"事证第{NEVER_ISSUED}{number:08d}号"


def social_organisation_number(number: int) -> str:
    return f"演社证字第{number:06d}号"


def old_tax_number(county: str, number: int) -> str:
    """15 characters: county and organisation code, as before 2015."""
    return county + organisation_code(number)


def mobile(number: int) -> str:
    return f"{MOBILE}{number % 10000:04d}"


def landline(area: str, number: int) -> str:
    return f"{area}-0{number % 10_000_000:07d}"


def account(number: int) -> str:
    """A bank account number: 000000 is no bank's identification number."""
    return f"000000{number:013d}"


def wrong(code: str, alphabet: str = "0123456789") -> str:
    """The code with another last character than the right one."""
    last = next(char for char in alphabet if char != code[-1])
    return code[:-1] + last
