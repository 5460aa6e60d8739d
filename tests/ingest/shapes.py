"""A table as offices send it, and what is told of a submission."""

ABOVE = [["Izveštaj o angažovanju"], ["Opština: Kruševac"], ["Program: SAMPLE"], ["Period: I kvartal 2024."], []]
TABLE = [["Poslodavac", "Angažovana lica", "Angažovane žene"], ["JKP", 12, 5], ["Dom", 7, 3]]


def about(submission) -> tuple:
    return submission.municipality_code, submission.status, submission.accepted_rows, [finding.rule for finding in submission.findings]


def errors_of(submission) -> list[tuple]:
    return [(finding.rule, finding.cell) for finding in submission.findings if finding.severity == "error"]
