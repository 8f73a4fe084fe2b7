"""The model's settings as the user chose them: the name of a shipped file, or a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from liqbands.errors import ParameterFileError
from liqbands_server.cli.selection import InputError

if TYPE_CHECKING:
    from liqbands import ParameterFile, Parameters


def parameters_chosen(choice: str) -> "Parameters | None":
    """Return the settings that the user chose.

    Parameters
    ----------
    choice : str
        A name such as ``"prior"``, or the path of a JSON file; empty is no choice.

    Returns
    -------
    settings : Parameters or None
        None leaves them to the engine.

    Raises
    ------
    InputError
        If there is neither such a name nor such a file, or the file cannot be used.

    Examples
    --------
    >>> parameters_chosen("prior").ladder_share
    0.6
    """
    return parameter_file_chosen(choice).parameters if choice else None


def parameter_file_chosen(choice: str) -> "ParameterFile":
    """Return the whole file that the user chose.

    Parameters
    ----------
    choice : str
        A name such as ``"prior"``, or the path of a JSON file.

    Returns
    -------
    ParameterFile
        Settings with their history.

    Raises
    ------
    InputError
        If there is neither such a name nor such a file, or the file cannot be used.
    """
    from liqbands.parameter_files import load_parameter_file, read_parameters, shipped_parameters

    names = shipped_parameters()
    if choice in names:
        return load_parameter_file(choice)
    path = Path(choice)
    if not path.is_file():
        raise InputError(f"parameters must be {', '.join(names)} or a JSON file, was {choice!r}")
    try:
        return read_parameters(path.read_text(encoding="utf-8"))
    except (ParameterFileError, UnicodeDecodeError) as error:
        raise InputError(f"{choice}: {error}") from error


def settings_remark(choice: str) -> list[str]:
    """Return what a picture says about settings that are not the default.

    Parameters
    ----------
    choice : str
        What the user chose.

    Returns
    -------
    list of str
        At most one remark.

    Examples
    --------
    >>> settings_remark("out/mine.json"), settings_remark("")
    (['settings: mine.json'], [])
    """
    return [f"settings: {Path(choice).name}"] if choice not in ("", "default") else []
