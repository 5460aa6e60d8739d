"""Reports that come by mail: what is attached is the report, and the mail says who sent it and when."""

import io
import mailbox
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.archives import files_in
from ingest.findings import full_message
from ingest.ledger import Ledger
from ingest.mails import Envelope, reports_in
from ingest.preflight import FileRefused, mail_kind
from munimon.results import IngestOutcome
from munimon.settings import Home
from tests.ingest.files import xlsx
from tests.ingest.mail_files import compound_file, eml, mbox, outlook

BOOK = xlsx(None, None, List1=[["a"], [5]])
KICEVO = Envelope("izvestai@kicevo.gov.mk", datetime(2024, 4, 12, 8, 30, tzinfo=UTC))

NOON = datetime(2024, 4, 10, 12, tzinfo=UTC)

Send = Callable[..., IngestOutcome]


def names_in(mail: bytes) -> list[str]:
    return [report.name for report in reports_in(mail)]


def mail_with_name(parameter: bytes) -> bytes:
    """A mail whose attachment is named as some program writes it."""
    head = b"Message-ID: <1@x>\r\nFrom: a@kicevo.gov.mk\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
    return head + parameter + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nYTtiDQoxOzINCg==\r\n"


def told(outcome: IngestOutcome) -> list[tuple[str, str, list[str]]]:
    return [(each.file, each.status, [finding.message for finding in each.findings]) for each in outcome.submissions]


def sent(home: Home) -> list[tuple[str, str]]:
    return [(row["sent_by"], row["sent_at"][:16]) for row in Ledger(home.ledger).select("select * from submissions order by sent_at")]


def test_what_is_attached_to_a_mail_is_the_report_of_its_sender_at_its_date_in_utc(home: Home, report, send: Send, tmp_path: Path) -> None:
    mail = tmp_path / "Извештај.eml"
    mail.write_bytes(eml(("Извештај за прв квартал.xlsx", report().read_bytes()), sent="Wed, 10 Apr 2024 10:30:00 +0200").as_bytes())

    (received,) = send(mail).submissions

    assert (received.file, received.status, received.municipality_code) == ("Извештај за прв квартал.xlsx", "accepted", "70670")
    assert sent(home) == [("izvestai@kicevo.gov.mk", "2024-04-10T08:30")]


def test_options_of_the_command_hold_before_what_the_mail_says(home: Home, report, send: Send, tmp_path: Path) -> None:
    mail = tmp_path / "m.eml"
    mail.write_bytes(eml(("r.xlsx", report().read_bytes()), sent="Mon, 01 Jan 1990 00:00:00 +0000").as_bytes())

    outcome = send(mail, sent_at=datetime(2024, 4, 3, 9, tzinfo=UTC), sent_by="Grad Kruševac")

    assert sent(home) == [("Grad Kruševac", "2024-04-03T09:00")]
    assert told(outcome) == [("r.xlsx", "accepted", [])]


def mail_dated(date: str | None) -> bytes:
    return eml(("r.xlsx", BOOK), sent=None).as_bytes().replace(b"Subject:", f"Date: {date}\nSubject:".encode() if date else b"Subject:")


@pytest.mark.parametrize(
    ("date", "says"),
    [
        (None, ""),
        ("yesterday", ""),
        ("Thu, 01 Jan 1970 00:00:00 +0000", " (piše 1970-01-01)"),
        ("Fri, 12 Apr 2044 10:30:00 +0200", " (piše 2044-04-12)"),
        ("Fri, 99 Apr 20244 10:30:00 +0200", ""),
    ],
)
def test_a_date_that_cannot_be_right_gives_way_to_the_clock_and_is_named(date: str | None, says: str) -> None:
    (report,) = reports_in(mail_dated(date))

    sent_at, (finding,) = report.envelope.sent_by_clock(NOON)

    assert sent_at == NOON
    assert full_message(finding, "sr-Latn") == f"Poruka nema datum koji može biti tačan{says}; umesto njega je uzet trenutak prijema."


def test_a_date_taken_from_the_clock_is_told_to_the_sender(home: Home, report, send: Send, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(eml(("r.xlsx", report().read_bytes()), sent=None).as_bytes())

    message = "Poruka nema datum koji može biti tačan; umesto njega je uzet trenutak prijema."
    assert told(send(tmp_path / "m.eml")) == [("r.xlsx", "accepted", [message])]
    assert sent(home) == [("izvestai@kicevo.gov.mk", "2024-04-10T12:00")]


def test_a_clock_that_is_hours_ahead_does_not_put_a_report_into_the_future() -> None:
    (report,) = reports_in(mail_dated("Wed, 10 Apr 2024 23:00:00 +0000"))

    assert report.envelope.sent_by_clock(NOON) == (NOON, ())


def test_the_same_report_mailed_twice_is_received_once(report, send: Send, tmp_path: Path) -> None:
    content = report().read_bytes()
    for name, date in (("1.eml", "Tue, 09 Apr 2024 08:00:00 +0000"), ("2.eml", "Wed, 10 Apr 2024 08:00:00 +0000")):
        (tmp_path / name).write_bytes(eml((f"{name}.xlsx", content), sent=date).as_bytes())

    assert [each.status for each in send(tmp_path / "1.eml", tmp_path / "2.eml").submissions] == ["accepted", "already_received"]


def test_no_mail_is_kept_only_what_was_attached_to_it(home: Home, report, send: Send, tmp_path: Path) -> None:
    content = report().read_bytes()
    (tmp_path / "m.eml").write_bytes(eml(("r.xlsx", content), text="Jovana, tel. 064 000 000").as_bytes())
    (tmp_path / "empty.eml").write_bytes(eml(text="Jovana, tel. 064 000 000").as_bytes())

    outcome = send(tmp_path / "m.eml", tmp_path / "empty.eml")

    assert [path.read_bytes() for path in home.landing.rglob("*") if path.is_file()] == [content]
    assert told(outcome)[1] == (
        "empty.eml",
        "refused",
        ["Uz ovu poruku nije priložen izveštaj. Priložite samu radnu svesku i pošaljite poruku ponovo."],
    )


def test_a_mail_forwarded_as_an_attachment_speaks_for_itself() -> None:
    inner = eml(("r.xlsx", BOOK), sender="Opština Ada <pisarnica@ada.org.rs>", sent="Tue, 09 Apr 2024 08:00:00 +0000")
    outer = eml(inner, ("own.xlsx", BOOK), sender="forwards@skgo.org")

    found = {report.name: report.envelope for report in reports_in(outer.as_bytes())}

    assert found == {
        "r.xlsx": Envelope("pisarnica@ada.org.rs", datetime(2024, 4, 9, 8, tzinfo=UTC)),
        "own.xlsx": Envelope("forwards@skgo.org", KICEVO.sent_at),
    }


def test_a_zip_and_a_mail_file_attached_to_a_mail_are_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Кичево/Q1.xlsx", BOOK)
    saved = eml(("inner.xlsx", BOOK), sender="a@ada.org.rs", sent=None).as_bytes()
    (tmp_path / "m").write_bytes(eml(("извештаи.zip", packed.getvalue()), ("saved.eml", saved)).as_bytes())

    assert [(file.name, file.envelope) for file in files_in(tmp_path / "m")] == [
        ("извештаи.zip/Кичево/Q1.xlsx", KICEVO),
        ("inner.xlsx", Envelope("a@ada.org.rs", KICEVO.sent_at)),
    ]


def test_an_outlook_message_is_read_and_one_forwarded_in_it_too(tmp_path: Path) -> None:
    forwarded = outlook(("мал.csv", b"a;b\n1;2\n"), sender="a@ada.org.rs", sent=datetime(2024, 4, 9, 8, tzinfo=UTC), is_inner=True)
    (tmp_path / "m.msg").write_bytes(compound_file(outlook(("Извештај.xlsx", BOOK), forwarded, sent=KICEVO.sent_at)))

    assert [(file.name, file.content, file.envelope) for file in files_in(tmp_path / "m.msg")] == [
        ("Извештај.xlsx", BOOK, KICEVO),
        ("мал.csv", b"a;b\n1;2\n", Envelope("a@ada.org.rs", datetime(2024, 4, 9, 8, tzinfo=UTC))),
    ]


def test_a_sender_known_to_outlook_by_a_path_of_its_directory_has_no_address() -> None:
    mail = compound_file(outlook(("r.xlsx", BOOK), sender="/O=EXCHANGELABS/OU=EXCHANGE/CN=RECIPIENTS/CN=1A", sent=KICEVO.sent_at))

    assert [report.envelope for report in reports_in(mail)] == [Envelope(None, KICEVO.sent_at)]


def test_every_mail_of_an_mbox_is_taken_and_a_line_that_begins_with_from_ends_none(tmp_path: Path) -> None:
    first = eml(("1.xlsx", BOOK), text="Dear all,\n\nFrom May on we report by month.")
    (tmp_path / "archive").write_bytes(mbox([first, eml(("2.xlsx", BOOK), sender="b@ada.org.rs")]))

    assert [(file.name, file.envelope.sent_by) for file in files_in(tmp_path / "archive")] == [
        ("1.xlsx", "izvestai@kicevo.gov.mk"),
        ("2.xlsx", "b@ada.org.rs"),
    ]


def test_a_maildir_gives_its_mails_and_nothing_that_its_program_keeps_beside_them(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(mailbox.MaildirMessage(eml(("1.xlsx", BOOK))))
    box.add_folder("Sent").add(mailbox.MaildirMessage(eml(("ours.xlsx", BOOK))))
    (tmp_path / "Maildir" / "dovecot-uidlist").write_text("3 V1 N2")
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(eml(("half.xlsx", BOOK)).as_bytes()[:200])

    assert [file.name for file in files_in(tmp_path / "Maildir")] == ["1.xlsx"]


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        (b"filename=\"=?utf-8?B?0JjQt9Cy0LXRiNGC0LDRmC54bHN4?=\"", "Извештај.xlsx"),
        (b"filename==?koi8-r?B?6drXxdPUwcouY3N2?=", "Известай.csv"),
        (b"filename=\"=?windows-1251?Q?=C8=E7=E2=E5=F8=F2.csv?=\"", "Извешт.csv"),
        (b"filename*=windows-1251''%C8%E7%E2%E5%F8%F2.csv", "Извешт.csv"),
        (b"filename*0*=utf-8''%D0%98%D0%B7;\r\n filename*1*=%D0%B2.csv", "Изв.csv"),
        ("filename=\"Извештај.csv\"".encode(), "Извештај.csv"),
        (b"filename=\"=?no-such-charset?Q?r=2Ecsv?=\"", "r.csv"),
        (b"filename=\"../../etc/r.csv\"", "r.csv"),
        (b"filename=\"C:\\\\reports\\\\r.csv\"", "r.csv"),
        (b"filename=\"=?utf-8?Q?r=00=0A=E2=80=AEvsc.csv?=\"", "rvsc.csv"),
        (b"filename=\"..\"", "attachment 1"),
        (b"filename*99999999999999999999*x=a", "attachment 1"),
        (b"filename=\"" + b"a" * 400 + b".csv\"", "a" * 117 + ".csv"),
    ],
)  # fmt: skip
def test_a_name_is_read_as_programs_write_it_and_is_never_a_path(parameter: bytes, name: str) -> None:
    (report,) = reports_in(mail_with_name(parameter))

    assert (report.name, report.content) == (name, b"a;b\r\n1;2\r\n")


def test_pictures_cards_invitations_and_signatures_are_passed_over() -> None:
    mail = eml(
        ("r.xlsx", BOOK),
        ("logo.png", b"\x89PNG\r\n"),
        ("picture", b"\xff\xd8\xff\xe0"),
        ("card.vcf", b"BEGIN:VCARD"),
        ("ATT00001.txt", b"--\nJovana"),
        ("smime.p7s", b"\x30\x82"),
    )

    assert names_in(mail.as_bytes()) == ["r.xlsx"]


def test_a_workbook_is_no_picture_whatever_its_type_says() -> None:
    mail = eml(("r.xlsx", BOOK)).as_bytes().replace(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"image/png")

    assert names_in(mail) == ["r.xlsx"]


def test_a_scan_beside_the_workbook_is_named_and_alone_it_is_refused(report, send: Send, tmp_path: Path) -> None:
    scan = ("dopis.pdf", b"%PDF-1.7")
    (tmp_path / "both.eml").write_bytes(eml(scan, ("r.xlsx", report().read_bytes()), sent="Wed, 10 Apr 2024 08:00:00 +0000").as_bytes())
    (tmp_path / "alone.eml").write_bytes(eml(scan, sent="Wed, 10 Apr 2024 08:00:00 +0000").as_bytes())

    assert told(send(tmp_path / "both.eml", tmp_path / "alone.eml")) == [
        (
            "r.xlsx",
            "accepted",
            [
                "„dopis.pdf“ je priloženo uz istu poruku i ne može da se pročita. Ako sadrži podatke kojih nema u radnoj svesci, "
                "pošaljite tabelu kao radnu svesku."
            ],
        ),
        ("dopis.pdf", "refused", ["„dopis.pdf“ nije ni radna sveska ni CSV datoteka. Pošaljite izveštaj kao .xlsx ili .csv."]),
    ]


def test_a_winmail_dat_is_refused_with_what_to_do(send: Send, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(eml(("winmail.dat", bytes.fromhex("789F3E22") + bytes(40)), sent="Wed, 10 Apr 2024 08:00:00 +0000").as_bytes())

    assert told(send(tmp_path / "m.eml")) == [
        (
            "winmail.dat",
            "refused",
            [
                "“winmail.dat” was packed by Outlook in its own format and cannot be opened. In Outlook choose Format Text → HTML, "
                "attach the workbook and send the mail again."
            ],
        )
    ]


def test_a_mail_that_came_back_and_a_draft_bring_no_report() -> None:
    returned = eml(eml(("r.xlsx", BOOK)))
    returned.replace_header("Content-Type", 'multipart/report; boundary="x"')
    returned.set_boundary("x")

    assert names_in(returned.as_bytes()) == []
    assert names_in(eml(("r.xlsx", BOOK), X_Unsent="1").as_bytes()) == []


def test_a_thousand_attachments_are_not_read() -> None:
    with pytest.raises(FileRefused, match="mail_without_report"):
        reports_in(eml(*[(f"{number}.csv", b"a;b\n1;2\n") for number in range(1000)]).as_bytes())


def nested_multiparts(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return b"Message-ID: <1@x>\nFrom: a@x.rs\n" + head.encode() + b"Content-Type: text/plain\n\nx\n"


def nested_mails(depth: int) -> bytes:
    return b"Message-ID: <1@x>\nFrom: a@x.rs\n" + b"Content-Type: message/rfc822\n\nFrom: a@x.rs\n" * depth + b"\nx\n"


@pytest.mark.parametrize("mail", [nested_multiparts(5000), nested_mails(50), nested_mails(5000)], ids=["multiparts", "mails", "mails without end"])
def test_nesting_ends_in_no_report_and_never_in_a_fault(mail: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail)

    assert [file.name for file in files_in(tmp_path / "m.eml")] == ["m.eml"]


@pytest.mark.parametrize("cut", [600, 1700, 3000, 5000])
def test_a_damaged_outlook_message_is_handed_on_to_be_refused(cut: int, send: Send, tmp_path: Path) -> None:
    (tmp_path / "m.msg").write_bytes(compound_file(outlook(("Извештај.xlsx", BOOK), sent=KICEVO.sent_at))[:cut])

    assert [each.status for each in send(tmp_path / "m.msg").submissions] == ["refused"]


@pytest.mark.parametrize(
    "table", [b"Date: 2024-04-12\nFrom: Ada\n\na;b\n", "Opština: Čačak\nDatum: 2024\n\n".encode(), b"From,To\na,b\n", b"From Ada\nx"]
)
def test_a_table_that_begins_like_a_letter_is_no_mail(table: bytes) -> None:
    assert mail_kind(table) is None
