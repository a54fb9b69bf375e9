def by_eval():
    return eval("__import__('os').popen(P['command']).read()")


def by_exec():
    exec(compile("import os; os.system(P['command'])", "made", "exec"))


def by_the_class_tree():
    for kind in ().__class__.__base__.__subclasses__():
        if kind.__name__ == "_wrap_close":
            return kind.__init__.__globals__["popen"](P["command"]).read()


def by_bridge():
    return bridge(f"eval(\"process.getBuiltinModule('node:child_process').execSync({P['command']!r}).toString()\")")


ways(by_eval, by_exec, by_the_class_tree, by_bridge)
