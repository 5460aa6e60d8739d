"""The commands about what only a person can decide."""

from pathlib import Path
from typing import Annotated

import typer

from munimon.locks import work_in
from munimon.printing import print_json, print_outcome
from munimon.progress import show_progress
from munimon.results import IngestOutcome, OpenQuestion, as_plain
from munimon.settings import find_home

questions_app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

_HomeOption = Annotated[Path | None, typer.Option("--home", metavar="DIR", help="The home folder; else MUNIMON_HOME, else the default one.")]
_Question = Annotated[str, typer.Argument(metavar="QUESTION", help="Its id, as `munimon questions list` prints it.")]


@questions_app.callback()
def questions(context: typer.Context) -> None:
    """Names that were not clear, and reports that replace or add: answered once, remembered, revocable.

    \b
    Example: munimon questions list
    """
    if context.invoked_subcommand is None:
        list_questions(context)


@questions_app.command("list")
def list_questions(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    home: _HomeOption = None,
) -> None:
    """List the questions that were asked, the open ones first, with where they stand, and the answers with who gave them and when.

    \b
    Example: munimon questions list --json
    """
    from munimon import pipeline

    asked = pipeline.questions(find_home(home or context.obj))
    if as_json:
        print_json({"questions": [as_plain(question) for question in asked]})
        return
    for question in asked:
        _print_question(question)
    if not asked:
        typer.echo("No question was asked.")


@questions_app.command("answer")
def answer_question(
    context: typer.Context,
    question: _Question,
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="A municipality's code or full name; or replaces, or adds.")],
    home: _HomeOption = None,
) -> None:
    """Answer a question, or answer it anew; what waited for it goes in, and the answer holds for later reports too.

    \b
    Names are kept in name_answers.csv of the reference data as well; what is added or changed there is an answer too.
    Example: munimon questions answer 3fa1 70670
    """
    _enter(context, question, answer, home, f"{question} is answered: {answer}; run `munimon build` to publish what follows from it.")


@questions_app.command("revoke")
def revoke_answer(context: typer.Context, question: _Question, home: _HomeOption = None) -> None:
    """Take an answer back: the question is open again, and what the answer let in waits again.

    \b
    Example: munimon questions revoke 3fa1
    """
    _enter(context, question, None, home, f"{question} is open again; run `munimon build` to publish without its answer.")


def _enter(context: typer.Context, question: str, answer: str | None, home: Path | None, said: str) -> None:
    from munimon import pipeline

    where = find_home(home or context.obj)
    with work_in(where), show_progress() as progress:
        outcome = IngestOutcome(tuple(pipeline.answer(where, question, answer, progress)))
    typer.echo(said)
    print_outcome(outcome)
    # what waits for an answer that was taken back does so on purpose
    raise typer.Exit(0 if outcome.is_complete or answer is None else 3)


def _print_question(question: OpenQuestion) -> None:
    answered = f" (answered: {question.answer}, by {question.answered_by}, {question.answered_at:%Y-%m-%d %H:%M} UTC)" if question.answer else ""
    candidates = ", ".join(question.candidates) or "nothing that is known"
    typer.echo(f"{question.question_id}  {question.kind}: {question.text}{answered}")
    typer.echo(f"    may be: {candidates}; asked by: {', '.join(question.submission_ids) or 'nobody yet'}")
    for place in question.places:
        cell = "!".join(part for part in (place.sheet, place.cell) if part)
        about = ", ".join(part for part in (place.municipality_code, place.programme_id, place.period_id) if part)
        sent = f"sent {place.sent_at:%Y-%m-%d}{f' by {place.sent_by}' if place.sent_by else ''}"
        typer.echo(f"    {place.file}{f' {cell}' if cell else ''} ({about}; {sent}) as {place.submission_id}")
