"""Runs everything and writes benchmarks/results: python -m benchmarks.detectors."""

from __future__ import annotations

from benchmarks.detectors import report, results


def main() -> None:
    """Same versions, same files: the seed is fixed, and nothing depends on the machine or the time."""
    results.FOLDER.mkdir(exist_ok=True)
    tried = results.ladders()
    tables = {"ladders": tried, "detectors": results.at_equal_rates(tried), "stable": results.stable()}
    for name, table in tables.items():
        path = results.FOLDER / f"{name}.csv"
        path.write_text(table.to_csv(index=False, float_format="%.4f", lineterminator="\n"), encoding="utf-8")
    text = report.text(tables["detectors"], tables["stable"])
    (results.FOLDER / "README.md").write_text(text, encoding="utf-8")
    (results.FOLDER / "detectors.svg").write_text(report.picture(tried), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
