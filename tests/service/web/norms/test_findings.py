import ast
import re

from evaluation.conformance.findings import failed, passed
from service.web.norms.findings import TEXTS, said
from service.web.wording import offered, speaking
from tests.pages.program import ROOT

SAYING = {"passed", "failed", "not_known"}


def texts_of_checks():
    files = [
        *(ROOT / "evaluation/conformance/checks").glob("*.py"),
        ROOT / "service/norms/links.py",
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_said = isinstance(node, ast.Call) and (
                isinstance(node.func, ast.IfExp) or getattr(node.func, "id", "") in SAYING
            )
            if is_said and node.args:
                assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
                yield node.args[0].value


def test_every_text_of_a_check_is_there_to_be_translated_and_no_other():
    found = {text for text in texts_of_checks() if not re.fullmatch(r"%\(\w+\)s", text)}
    assert found == TEXTS


def test_numbers_are_written_as_in_the_language_and_names_stay():
    with speaking(offered()["en"]):
        assert said(failed("%(passed)s of %(all)s", passed=1, all=12345)) == "1 of 12,345"
        assert said(passed("%(evidence)s", evidence="50 % <b>")) == "50 % <b>"
        assert said(passed()) == ""
