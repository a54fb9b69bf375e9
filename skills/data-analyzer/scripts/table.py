"""Between text, data frames and plain JSON values."""

import csv
import io
import json
import warnings

import pandas as pd


def text_of(request):
    """The table as text: the input's own, or what its file holds."""
    name = request.get("file")
    if name is None:
        return request.get("data")
    if request.get("data") is not None:
        raise ValueError("give either data or file, not both")
    try:
        with open(name, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise ValueError(f"the file {name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the file {name} is not text in UTF-8") from None


def read_table(text, kind="auto"):
    if kind not in ("auto", "csv", "json"):
        raise ValueError(f"format must be auto, csv or json; got {json.dumps(kind)}")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("there is no table: data must be its text, or file the path of one")
    if kind == "json" or (kind == "auto" and text.lstrip()[0] in "[{"):
        return read_json(text)
    return read_csv(text)


def read_json(text):
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"data is not valid JSON: {error}") from None
    rows = isinstance(content, list) and all(isinstance(row, dict) for row in content)
    columns = isinstance(content, dict) and all(isinstance(column, list) for column in content.values())
    if not rows and not columns:
        raise ValueError("data must be a list of objects or an object of lists")
    try:
        frame = pd.DataFrame(content)
    except ValueError as error:
        raise ValueError(f"data is not a table: {error}") from None
    # nested values cannot be counted or grouped; as text they can
    nested = [name for name in frame.columns if frame[name].map(is_nested).any()]
    return frame.assign(**{name: frame[name].map(flat) for name in nested})


def is_nested(value):
    return isinstance(value, (list, dict))


def flat(value):
    return json.dumps(value, ensure_ascii=False) if is_nested(value) else value


def read_csv(text):
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    try:
        separator = csv.Sniffer().sniff(first, delimiters=",;\t|").delimiter
    except csv.Error:
        separator = ","  # a single column has no separator to find
    try:
        with warnings.catch_warnings():
            # a row longer than the header would be cut off with no more than a warning
            warnings.simplefilter("error", pd.errors.ParserWarning)
            content = io.StringIO(text.lstrip("\ufeff"))
            return pd.read_csv(content, sep=separator, skipinitialspace=True, index_col=False)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        raise ValueError(f"data is not valid CSV: {str(error).strip()}") from None


def plain(value):
    """A value as JSON knows it: what is missing or not finite becomes null."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            return None
        return round(value, 6) if abs(value) >= 1e-4 else value
    return value if isinstance(value, (bool, int, str)) else str(value)


def rows_of(frame, limit):
    names = [str(name) for name in frame.columns]
    rows = [dict(zip(names, map(plain, row))) for row in frame.head(limit).itertuples(index=False, name=None)]
    return {"rows": rows, "total": len(frame), "truncated": len(frame) > limit}
