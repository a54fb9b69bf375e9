"""One function per operation; each takes the data frame and the request and gives a plain value."""

import itertools
import json
import operator

import pandas as pd
from table import plain, read_table, rows_of, text_of


def checked(frame, names, field):
    if not isinstance(names, list) or not names:
        raise ValueError(f"{field} must be a list of column names")
    for name in names:
        if name not in frame.columns:
            raise ValueError(f"there is no column {json.dumps(name)}; there are: {', '.join(map(str, frame.columns))}")
    return names


def needed(frame, request, field):
    if field not in request:
        raise ValueError(f"{request['operation']} needs {field}: a list of column names")
    return checked(frame, request[field], field)


def chosen(frame, request):
    return frame[checked(frame, request["columns"], "columns")] if "columns" in request else frame


def limit_of(request):
    limit = request.get("limit", 50)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 1000:
        raise ValueError(f"limit must be a whole number from 1 to 1000, got {json.dumps(limit)}")
    return limit


def numeric(frame):
    # truth values count as numbers to pandas, but their mean helps nobody
    return frame.select_dtypes("number")


def describe(frame, request):
    return [describe_column(name, column) for name, column in chosen(frame, request).items()]


def describe_column(name, column):
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    facts = {
        "column": str(name),
        "type": "number" if is_number else "boolean" if pd.api.types.is_bool_dtype(column) else "text",
        "values": int(column.count()),
        "missing": int(column.isna().sum()),
        "distinct": int(column.nunique()),
    }
    if is_number and facts["values"]:
        figures = column.describe()
        names = {"mean": "mean", "std": "std", "min": "min", "25%": "q1", "50%": "median", "75%": "q3", "max": "max"}
        facts.update({to: plain(figures[start]) for start, to in names.items()})
    return facts


COMPARISONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def matches(frame, condition):
    if not isinstance(condition, dict) or "column" not in condition or "operator" not in condition:
        raise ValueError("each condition in where needs column and operator")
    column = frame[checked(frame, [condition["column"]], "where")[0]]
    sign, value = condition["operator"], condition.get("value")
    if sign == "is_missing":
        return column.isna()
    if sign == "is_present":
        return column.notna()
    if value is None:
        raise ValueError(f"the condition {condition['column']} {sign} needs a value")
    if sign == "in":
        return column.isin(value if isinstance(value, list) else [value])
    if sign == "contains":
        return column.astype(str).str.contains(str(value), case=False, regex=False) & column.notna()
    if sign not in COMPARISONS:
        known = [*COMPARISONS, "in", "contains", "is_missing", "is_present"]
        raise ValueError(f"operator must be one of {' '.join(known)}; got {json.dumps(sign)}")
    try:
        return COMPARISONS[sign](column, value) & column.notna()
    except TypeError:
        raise ValueError(f"{condition['column']} cannot be compared with {json.dumps(value)}") from None


def filter_rows(frame, request):
    conditions = request.get("where")
    if not isinstance(conditions, list) or not conditions:
        raise ValueError("filter needs where: a list of conditions")
    for condition in conditions:
        frame = frame[matches(frame, condition)]
    return rows_of(chosen(frame, request), limit_of(request))


def group(frame, request):
    by = needed(frame, request, "by")
    aggregate = request.get("aggregate", "mean")
    if aggregate not in ("sum", "mean", "median", "min", "max", "std"):
        raise ValueError(f"aggregate must be sum, mean, median, min, max or std; got {json.dumps(aggregate)}")
    values = numeric(chosen(frame, request)).columns.difference(by, sort=False)
    grouped = frame.groupby(by, dropna=False, sort=True)
    result = grouped[list(values)].agg(aggregate) if len(values) else grouped[by].count().iloc[:, :0]
    result.insert(0, "rows", grouped.size())
    # flattened by hand: a column of the table may itself be called "rows"
    keys = result.index.to_frame(index=False)
    keys.columns = by
    result.columns = ["rows", *(f"{aggregate}_{name}" for name in values)]
    return rows_of(pd.concat([keys, result.reset_index(drop=True)], axis=1), limit_of(request))


def count_values(frame, request):
    counted = chosen(frame, request).value_counts(dropna=False)
    table = counted.index.to_frame(index=False).assign(count=counted.to_numpy())
    return rows_of(table, limit_of(request))


def sort(frame, request):
    by = needed(frame, request, "by")
    try:
        ordered = frame.sort_values(by, ascending=not request.get("descending", False), kind="stable")
    except TypeError:
        raise ValueError(f"{', '.join(by)} mixes text and numbers and has no order") from None
    return rows_of(chosen(ordered, request), limit_of(request))


def correlate(frame, request):
    method = request.get("method", "pearson")
    if method not in ("pearson", "spearman"):
        raise ValueError(f"method must be pearson or spearman; got {json.dumps(method)}")
    values = numeric(chosen(frame, request))
    if values.shape[1] < 2:
        raise ValueError(f"correlate needs two numeric columns, found {values.shape[1]}")
    # ranked first: pandas' own spearman would need another package
    figures = (values.rank() if method == "spearman" else values).corr()
    pairs = [
        {
            "columns": [str(left), str(right)],
            "coefficient": plain(figures.at[left, right]),
            "rows": int(values[[left, right]].dropna().shape[0]),
        }
        for left, right in itertools.combinations(values.columns, 2)
    ]
    return sorted(pairs, key=lambda pair: -abs(pair["coefficient"] or 0))


OPERATIONS = {
    "describe": describe,
    "head": lambda frame, request: rows_of(chosen(frame, request), limit_of(request)),
    "filter": filter_rows,
    "group": group,
    "count_values": count_values,
    "sort": sort,
    "correlate": correlate,
}


def answer(request):
    name = request.get("operation")
    if not isinstance(name, str) or name not in OPERATIONS:
        raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}; got {json.dumps(name)}")
    frame = read_table(text_of(request), request.get("format", "auto"))
    size = {"rows": len(frame), "columns": [str(column) for column in frame.columns]}
    return {"operation": name, "read": size, "result": OPERATIONS[name](frame, request)}
