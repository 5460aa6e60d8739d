"""Participations: a municipality leaves a programme after it joined."""

from expectations.rules import NotBefore, Rule

SUITE: tuple[Rule, ...] = (NotBefore("until", "since", "A municipality cannot leave a programme before it joined; the usual cause is a wrong year."),)
