# Runs test modules of CPython's own and writes a line for each test: what came of it, its name.
# Arguments: the file to write, the modules of the package test.
import signal
import sys
import unittest


class Outcomes(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = []
        self.outcome = None

    def startTest(self, test):
        super().startTest(test)
        self.outcome = 'ok'

    def stopTest(self, test):
        super().stopTest(test)
        self.outcomes.append('%s %s' % (self.outcome, test.id().replace('\n', ' ')))
        self.outcome = None

    def note(self, outcome, test):
        if self.outcome is not None:
            self.outcome = outcome
        else:  # of a class or module as a whole
            self.outcomes.append('%s %s' % (outcome, test.id().replace('\n', ' ')))

    def addError(self, test, err):
        super().addError(test, err)
        self.note('error', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note('failure', test)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            failed = issubclass(err[0], test.failureException)
            self.note('failure' if failed else 'error', test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note('skipped', test)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.note('expected-failure', test)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note('unexpected-success', test)


def run(path, names):
    try:
        from test import support
        suite = unittest.TestSuite(
            [unittest.defaultTestLoader.loadTestsFromName('test.' + name) for name in names])
    except ImportError as e:
        sys.exit('no-test-suite: %s' % e)
    support.use_resources = []  # as regrtest has it: nothing slow, no network
    # What CPython does when signals are its own; the JVM was told to leave this one alone.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runner = unittest.TextTestRunner(verbosity=1, resultclass=Outcomes)
    result = runner.run(suite)
    with open(path, 'w', encoding='utf-8', errors='backslashreplace') as file:
        for line in sorted(result.outcomes):
            print(line, file=file)


run(sys.argv[1], sys.argv[2:])
