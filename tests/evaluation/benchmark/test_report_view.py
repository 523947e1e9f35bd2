import pytest

from data.records import Resource
from evaluation.benchmark.comparison import compare
from evaluation.benchmark.report_view import print_report


@pytest.fixture
def reports(report_of):
    resources = [
        Resource(id=f"r{number}", title="T", subject=("Art", "[red]Music")[number // 40])
        for number in range(80)
    ]

    def made(art, music):
        rights = [number < art for number in range(40)] + [number < music for number in range(40)]
        return report_of(rights, resources=resources)

    return made


def test_what_is_worst_is_told_first(reports, capsys):
    print_report(reports(40, 10))
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "worst slice: subject «[red]Music», mean F2 0.250 over 40 resources"
    assert second == "gap by subject: 0.750 between «Art» and «[red]Music»"


def test_where_no_two_groups_are_large_nobody_is_called_the_worst_served(report_of, capsys):
    print_report(report_of([True] * 40 + [False] * 10))
    told = " ".join(capsys.readouterr().out.split())
    assert "No two groups of one kind have 30 resources each" in told
    assert "worst slice" not in told


def test_a_comparison_is_told_with_its_objections(reports, capsys):
    before, after = reports(40, 40), reports(40, 10)
    print_report(after, compare(before, after))
    told = " ".join(capsys.readouterr().out.split())
    assert "-0.375" in told
    assert "Mean F2 falls from 1.000 to 0.250 in subject «[red]Music»" in told
    print_report(after, compare(after, after))
    assert "Nothing speaks against promoting it." in capsys.readouterr().out
    print_report(after, compare(reports(20, 20), reports(21, 19)))
    assert "could go unnoticed" in capsys.readouterr().out
