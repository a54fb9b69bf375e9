"""Says what the argparse parsers of scripts really take, for comparison with what is read from their code.

Reads JSON lines {"path": …}, runs each script up to its parse_args() in a process of its own, and writes JSON lines.
"""
import argparse
import json
import os
import runpy
import sys


def plain(value):
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else None


def kind_of(action):
    if action.nargs == 0:
        return 'integer' if type(action).__name__ == '_CountAction' else 'boolean'
    name = {int: 'integer', float: 'number', bool: 'boolean'}.get(action.type, 'string')
    many = action.nargs in ('*', '+', '...') or isinstance(action.nargs, int)
    many = many or type(action).__name__ in ('_AppendAction', '_ExtendAction')
    return 'array of ' + name if many else name


def describe(parser, into, depth=0):
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._VersionAction)):
            continue
        if isinstance(action, argparse._SubParsersAction):
            name = 'command' if action.dest == argparse.SUPPRESS else action.dest
            into.setdefault(name, {'type': 'string', 'required': action.required and depth == 0, 'enum': None, 'default': None})
            for inner in {id(inner): inner for inner in action.choices.values()}.values():
                describe(inner, into, depth + 1)
            continue
        required = action.required and depth == 0 and (bool(action.option_strings) or action.nargs not in ('*', '...'))
        default = parser._defaults.get(action.dest, action.default)
        choices = None if action.choices is None else plain(list(action.choices))
        into.setdefault(action.dest, {
            'type': kind_of(action),
            'required': required,
            'enum': choices if choices and None not in choices else None,
            'default': None if default == argparse.SUPPRESS else plain(default),
        })


def dump(parser, *_):
    arguments = {}
    describe(parser, arguments)
    sys.__stdout__.write(json.dumps(arguments) + '\n')
    sys.__stdout__.flush()
    os._exit(0)


for line in sys.stdin:
    request = json.loads(line)
    sys.__stdout__.flush()
    child = os.fork()
    if child == 0:
        argparse.ArgumentParser.parse_args = dump
        argparse.ArgumentParser.parse_known_args = dump
        sys.argv = [request['path']]
        sys.path.insert(0, os.path.dirname(request['path']))
        try:
            runpy.run_path(request['path'], run_name='__main__')
        except BaseException:
            pass
        sys.__stdout__.write('null\n')
        sys.__stdout__.flush()
        os._exit(0)
    os.waitpid(child, 0)
