"""A home's own copy of the reference data."""

import os
import shutil

from munimon.settings import Home, MunimonError, shipped


class HomeTaken(MunimonError):
    """The folder already has reference data of its own, which must not be overwritten."""


def copy_reference(home: Home) -> None:
    """Make the home folder with an editable copy of the shipped reference data, whole or not at all.

    Raises:
        HomeTaken: If it has its own already.
    """
    own = home.folder / "reference"
    if own.exists():
        raise HomeTaken(f"{own}: is already there and was left as it is; choose another folder")
    home.folder.mkdir(parents=True, exist_ok=True)
    aside = home.folder / f"reference.tmp-{os.getpid()}"
    shutil.copytree(shipped() / "data" / "reference", aside)
    # a wheel may be installed read-only, the copy is there to be edited
    for path in (aside, *aside.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    answered = home.name_answers
    aside.rename(own)
    if answered.exists():
        answered.rename(home.name_answers)
