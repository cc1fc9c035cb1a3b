# Runs the program that the arguments name: -c CODE, -m MODULE or FILE, and what follows them.
# CPython's own way would end the process on SystemExit.
def _start():
    import os, sys
    main = globals()
    del main['_start']
    kind, what = sys.argv[1:3]
    sys.argv[:] = [what if kind == 'f' else '-' + kind] + sys.argv[3:]
    code = 0
    try:
        if kind == 'm':
            import runpy
            sys.path.insert(0, os.getcwd())
            runpy._run_module_as_main(what)
        else:
            name, source = '<string>', what
            sys.path.insert(0, '')
            if kind == 'f':
                with open(what, 'rb') as file:
                    name, source = what, file.read()
                sys.path[0] = os.path.dirname(os.path.realpath(what))
                main['__file__'] = what
            exec(compile(source, name, 'exec', dont_inherit=True), main)
    except SystemExit as e:
        if e.code is None or isinstance(e.code, int):
            code = (e.code or 0) & 0xff
        else:
            print(e.code, file=sys.stderr)
            code = 1
    except BaseException as e:
        e.__traceback__ = e.__traceback__.tb_next
        sys.excepthook(type(e), e, e.__traceback__)
        code = 1
    sys._exit_code = code


_start()
