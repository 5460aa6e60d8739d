"""Subjects and names in our scripts arrive as they were written."""

from email import message_from_string
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from munimon.mail_headers import DRAFTS, DRAFTS_UTF8

SUBJECTS = [
    "Извештајот е делумно примен, ве молиме исправете го: Центар Жупа, MK-LSP, 2026-Q1",
    "Izveštaj je delimično preuzet, molimo vas da ga ispravite: Vrnjačka Banja, RS-SKGO-IPA2020, 2026-Q1",
    "Report",
    "ѓ" * 200,
]
NAMES = ["Писарница на Општина Центар Жупа – одделение за општествени дејности", "Đorđe", 'Office "Roma, inclusion"', ""]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("policy", [DRAFTS, DRAFTS_UTF8])
def test_subject_and_names_are_read_as_they_were_written(policy, subject):
    mail = EmailMessage(policy=policy)
    mail["To"] = [Address(name, f"office{number}", "example.mk") for number, name in enumerate(NAMES)]
    mail["Subject"] = subject
    mail.set_content("Почитувани")
    sent = mail.as_bytes()
    # Python's newer way of reading addresses puts a blank between two encoded words, which the standard says to join
    read = message_from_string(sent.decode())
    told = {name: " ".join(str(make_header(decode_header(read[name]))).split()) for name in ("Subject", "To")}

    assert told["Subject"] == subject
    assert told["To"] == ", ".join(str(Address(name, f"office{number}", "example.mk")) for number, name in enumerate(NAMES))
    assert policy.utf8 or (sent.partition(b"\r\n\r\n")[0].isascii() and max(map(len, sent.splitlines())) <= 120)
