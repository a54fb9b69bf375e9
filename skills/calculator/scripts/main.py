"""Arithmetic on one or two numbers: a JSON object on stdin, a JSON object on stdout."""

import json
import math
import sys

MAX_DIGITS = 308  # what a JSON reader with 64-bit floats can still hold
MAX_SAFE_INTEGER = 2**53 - 1


def decimal(text):
    # imported only where a fraction occurs: for whole numbers the import would cost more than the sum
    from decimal import Decimal

    return Decimal(text)


def reject(name):
    raise ValueError(f"{name} is not a number that can be calculated with")


def nonzero(b):
    if b == 0:
        raise ValueError("division by zero: b must not be 0")
    return b


def whole(name, value):
    if value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value}")
    return int(value)


def is_whole(*values):
    return all(isinstance(value, int) for value in values)


def divide(a, b):
    nonzero(b)
    if is_whole(a, b):
        return a // b if a % b == 0 else a / b
    return decimal(a) / decimal(b)


def floor_divide(a, b):
    nonzero(b)
    return a // b if is_whole(a, b) else math.floor(decimal(a) / decimal(b))


def power(a, b):
    if a == 0 and b < 0:
        raise ValueError("division by zero: 0 cannot be raised to a negative power")
    if is_whole(a, b) and b >= 0:
        # estimated before computing: 9 ** 9 ** 9 would fill the memory first and fail then
        if abs(a) > 1 and b * math.log10(abs(a)) > MAX_DIGITS:
            raise OverflowError
        return a**b
    if a < 0 and b != int(b):
        raise ValueError("a negative number has no real power with a fraction as exponent")
    return float(a) ** float(b)


def root(a, b=2):
    if b == 0:
        raise ValueError("there is no 0th root: b must not be 0")
    odd = b == int(b) and int(b) % 2 == 1
    if a < 0 and not odd:
        raise ValueError(f"a negative number has no real root of degree {b}")
    if a == 0 and b < 0:
        raise ValueError("division by zero: 0 has no root of negative degree")
    if is_whole(a) and b == 2:
        exact = math.isqrt(a)
        if exact * exact == a:
            return exact
        return math.sqrt(a)
    size = abs(float(a)) ** (1 / float(b))
    if is_whole(a, b) and b > 0 and round(size) ** b == abs(a):
        size = round(size)
    return -size if a < 0 else size


def log(a, b=None):
    if a <= 0:
        raise ValueError(f"the logarithm needs a number above 0, got {a}")
    if b is None:
        return math.log(a)
    if b <= 0 or b == 1:
        raise ValueError(f"the base b of a logarithm must be above 0 and not 1, got {b}")
    if b in (2, 10):
        return math.log2(a) if b == 2 else math.log10(a)
    return math.log(a) / math.log(b)


def rounded(a, b=0):
    places = whole("b", b)
    if not 0 <= places <= 15:
        raise ValueError(f"b, the number of decimal places, must be from 0 to 15, got {places}")
    if is_whole(a):
        return a
    from decimal import ROUND_HALF_UP, Decimal, localcontext

    with localcontext() as context:
        context.prec = MAX_DIGITS + 20
        value = a.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return int(value) if places == 0 else value


def factorial(a):
    number = whole("a", a)
    if number < 0:
        raise ValueError(f"factorial needs a number of 0 or more, got {number}")
    if number > 170:
        raise OverflowError
    return math.factorial(number)


def lcm(a, b):
    a, b = whole("a", a), whole("b", b)
    return abs(a * b) // math.gcd(a, b) if a and b else 0


UNARY = {
    "sqrt": root,
    "absolute": abs,
    "negate": lambda a: -a,
    "factorial": factorial,
}
OPTIONAL_B = {"root": root, "log": log, "round": rounded}
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": divide,
    "floor_divide": floor_divide,
    "modulo": lambda a, b: a - b * floor_divide(a, b),
    "power": power,
    "percent": lambda a, b: divide(a * b, 100),
    "minimum": min,
    "maximum": max,
    "gcd": lambda a, b: math.gcd(whole("a", a), whole("b", b)),
    "lcm": lcm,
}


def number(arguments, name):
    value = arguments[name]
    if isinstance(value, bool) or not hasattr(value, "__abs__"):
        raise ValueError(f"{name} must be a number, got {json.dumps(value)}")
    if abs(value) >= 10**MAX_DIGITS:
        raise ValueError(f"{name} is too large: more than {MAX_DIGITS} digits")
    return value


def calculate(arguments):
    if not isinstance(arguments, dict):
        raise ValueError("the input must be a JSON object")
    operation = arguments.get("operation")
    known = {**UNARY, **OPTIONAL_B, **BINARY}
    if not isinstance(operation, str) or operation not in known:
        raise ValueError(f"operation must be one of {', '.join(known)}; got {json.dumps(operation)}")
    if arguments.get("a") is None:
        raise ValueError(f"{operation} needs the number a")
    has_b = arguments.get("b") is not None
    if operation in BINARY and not has_b:
        raise ValueError(f"{operation} needs two numbers: b is missing")
    operands = {"a": number(arguments, "a")}
    if has_b and operation not in UNARY:
        operands["b"] = number(arguments, "b")
    result = known[operation](*operands.values())
    return {"operation": operation, **operands, **presented(result)}


def presented(result):
    if is_whole(result):
        if abs(result) >= 10**MAX_DIGITS:
            raise OverflowError
        exact = {"exact": str(result)} if abs(result) > MAX_SAFE_INTEGER else {}
        return {"result": result, **exact}
    result = float(result)
    if math.isinf(result):
        raise OverflowError
    return {"result": result}


def main():
    try:
        arguments = json.load(sys.stdin, parse_float=decimal, parse_constant=reject)
        answer = json.dumps(calculate(arguments), default=float)
    except json.JSONDecodeError as error:
        sys.exit(f"error: the input is not JSON: {error}")
    except ValueError as error:
        sys.exit(f"error: {error}")
    except ArithmeticError:
        sys.exit(f"error: the result is too large: more than {MAX_DIGITS} digits")
    print(answer)


if __name__ == "__main__":
    main()
