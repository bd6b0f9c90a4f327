"""Runs the tests beside it and writes a JUnit XML report: `python run_tests.py REPORT`. Exit code 1 if any failed."""

import sys
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree


class JUnitResult(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.suite = ElementTree.Element("testsuite", name="demo")
        self._started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self._case(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._case(test, "failure", err)

    def addError(self, test, err):
        super().addError(test, err)
        self._case(test, "error", err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._case(test, "skipped")

    def _case(self, test, outcome=None, err=None):
        seconds = f"{time.monotonic() - self._started:.3f}"
        name, classname = test._testMethodName, type(test).__name__
        case = ElementTree.SubElement(self.suite, "testcase", name=name, classname=classname, time=seconds)
        if outcome:
            ElementTree.SubElement(case, outcome, message=str(err[1]).splitlines()[0] if err else "")


def main(report):
    here = Path(__file__).parent
    sys.path.insert(0, str(here))
    tests = unittest.defaultTestLoader.discover(str(here))
    result = unittest.TextTestRunner(resultclass=JUnitResult, verbosity=0, stream=sys.stderr).run(tests)
    suite = result.suite
    suite.set("tests", str(result.testsRun))
    suite.set("failures", str(len(result.failures)))
    suite.set("errors", str(len(result.errors)))
    suite.set("skipped", str(len(result.skipped)))
    ElementTree.ElementTree(suite).write(report, encoding="utf-8", xml_declaration=True)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
