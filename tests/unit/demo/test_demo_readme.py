"""The examples of the first page run as they are printed."""

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text("utf-8")


def test_examples_of_the_readme_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = doctest.DocTestParser().get_doctest(README, {}, "README.md", None, 0)
    assert len(example.examples) > 5
    report = []
    runner = doctest.DocTestRunner()
    runner.run(example, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


def test_code_of_the_readme_is_all_tried():
    assert "```python" in README
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert all(block.startswith(">>>") for block in blocks)


def test_links_of_the_readme_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).is_file()] == []
