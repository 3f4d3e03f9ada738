"""Reading tables: numbers stay as written, and what cannot be read is refused with its place."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havoc.errors import InputError
from havoc.tools.table_io import ReadLimits, csv_text, read_table, read_table_bytes
from havoc.tools.values import Labels, Sample, Table


def read(text: str, filename: str = "t.csv", **more) -> Table:
    return read_table_bytes(text.encode(), filename, **more)


def test_numbers_keep_the_decimal_text_in_which_they_were_written():
    table = read("x,y\n0.10,1e-3\n1.50,3504.\n")
    assert table.sample("x").texts == ("0.10", "1.50")
    assert table.sample("y").exact == (Fraction(1, 1000), Fraction(3504))


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks():
    table = read('name,n\n"Smith, ""J""\nJr",3\n')
    assert table.column("name").items == ('Smith, "J"\nJr',)


@pytest.mark.parametrize("bom", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_not_part_of_the_first_header(bom):
    assert read_table_bytes(bom + b"a,b\n1,2\n", "t.csv").names == ("a", "b")


def test_utf16_and_windows_text_are_read():
    assert read_table_bytes("a;µ\n1;x\n".encode("utf-16"), "t.csv").names == ("a", "µ")
    table = read_table_bytes("a,b\n1,20 °C\n".encode("cp1252"), "t.csv")
    assert table.column("b").items == ("20 °C",)
    assert "not UTF-8" in table.notes[0]


def test_semicolon_files_may_have_decimal_commas():
    table = read("a;b\n1,5;2\n1.234,25;3\n")
    assert table.sample("a").texts == ("1.5", "1234.25")
    assert any("decimal commas" in n for n in table.notes)


def test_tabs_bars_and_aligned_numbers_are_delimiters():
    assert read("a\tb\n1\t2\n").names == ("a", "b")
    assert read("a|b\n1|2\n").names == ("a", "b")
    assert read("a  b\n1  2\n3  4\n").names == ("a", "b")
    assert read("wind speed\n1\n2\n").names == ("wind speed",)


def test_thousands_separators_are_read_only_when_nothing_else_is_possible():
    assert read('v\n"5,350,380"\n"12,000"\n').sample("v").texts == ("5350380", "12000")
    assert read("v;w\n1 234 567;1\n").sample("v").texts == ("1234567",)
    assert isinstance(read("v;w\n1,234;x\n").column("v"), Labels)  # 1.234 or 1234: nobody can tell
    assert isinstance(read('v\n"1,23"\n').column("v"), Labels)


def test_percentages_and_currencies_become_units():
    table = read("yield,cost\n15.17%,$3\n20%,$4.5\n")
    assert (table.sample("yield").texts, table.sample("yield").unit) == (("15.17", "20"), "%")
    assert table.sample("cost").unit == "$"


def test_missing_markers_are_missing():
    table = read("a,b\n1,x\nNA,\nn/a,?\n-,y\n")
    assert table.sample("a").texts == ("1", None, None, None)
    assert table.column("b").items == ("x", None, None, "y")


def test_the_word_missing_is_a_marker_among_numbers_and_a_word_among_words():
    table = read("a,b\n1,part\nMISSING,missing\n")
    assert table.sample("a").texts == ("1", None)
    assert table.column("b").items == ("part", "missing")


def test_a_column_with_few_words_stays_words_and_the_cell_is_named():
    table = read("x\n1\n2\n3\n4oops\n5\n")
    assert isinstance(table.column("x"), Labels)
    assert "row 4: '4oops'" in table.notes[0]
    with pytest.raises(InputError, match=r"row 4: '4oops'"):
        table.sample("x")


def test_infinity_and_overflowing_numbers_are_not_numbers():
    for word in ("inf", "1e999", "1_000", "0x10", "١٢", "9" * 300):
        assert isinstance(read(f"x\n{word}\n").column("x"), Labels), word


def test_empty_and_repeated_headers_get_names_and_a_note():
    table = read(",a,a,\n1,2,3,4\n")
    assert table.names == ("Unnamed: 0", "a", "a.1", "Unnamed: 3")
    assert len(table.notes) == 3


def test_a_file_of_numbers_alone_has_no_header():
    table = read("1,2\n3,4\n5,6\n")
    assert (table.names, table.n_rows) == (("x1", "x2"), 3)


def test_trailing_delimiters_are_no_column():
    assert read("a,b,\n1,2,\n3,4,\n").names == ("a", "b")


def test_wide_groups_of_unequal_length_end_in_missing_cells():
    assert read("a,b\n1,2\n3,\n").sample("b").n_missing == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \n \n", "is empty"),
        (b"a,b\n", "a header and no rows"),
        (b"a,b\n1,2\n3\n", "line 3: 1 cells where the header has 2; nothing stands in column 'b'"),
        (b"a,b\n1,2,7\n", "line 2: 3 cells where the header has 2"),
        (b'a,b\n1,"2\n3,4\n', "never closed"),
        (b"\x00\x01\x02rubbish", "not a text file"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b"PK\x03\x04 not a zip", "not a readable .xlsx"),
        (b"PAR1 not parquet PAR1", "not a readable Parquet"),
        (b"\xd0\xcf\x11\xe0rest", "old .xls"),
        (b'{"a": 1\n', "line 1"),
        (b'{"a": {"b": 1}}\n', "record 1, 'a'"),
        (b'[{"a": 1}, 3]', "record 2"),
        (b"a\n" + b"x" * 200_000 + b"\n", "larger than"),
    ],
)
def test_a_broken_file_is_refused_in_one_line_that_says_where(data, words):
    with pytest.raises(InputError) as refusal:
        read_table_bytes(data, "t.csv")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_limits_are_held():
    rows = "a\n" + "1\n" * 20
    with pytest.raises(InputError, match="more than 10 rows"):
        read(rows, limits=ReadLimits(rows=10))
    with pytest.raises(InputError, match="bytes"):
        read(rows, limits=ReadLimits(bytes=10))
    with pytest.raises(InputError, match="columns"):
        read("a,b,c\n1,2,3\n", limits=ReadLimits(columns=2))


def test_a_workbook_that_unpacks_to_gigabytes_is_refused():
    import zipfile

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 3_000_000)
    with pytest.raises(InputError, match="unpacks"):
        read_table_bytes(bomb.getvalue(), "t.xlsx", limits=ReadLimits(bytes=100_000))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_table(tmp_path)


def test_a_spreadsheet_is_read_with_its_dates_and_a_note_of_other_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["thickness", "lot", "when"])
    book.active.append([0.1, "A", pd.Timestamp("2024-05-01").to_pydatetime()])
    book.active.append([None, "B", None])
    book.create_sheet("more")
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert table.sample("thickness").texts == ("0.1", None)
    assert table.column("when").items == ("2024-05-01", None)
    assert "not read: more" in table.notes[0]


def test_parquet_keeps_decimals_and_narrow_floats_exact():
    from decimal import Decimal

    frame = pa.table(
        {
            "d": pa.array([Decimal("0.10"), None]),
            "f": pa.array([0.1, float("nan")], pa.float32()),
            "w": pa.array(["a", None]).dictionary_encode(),
        }
    )
    out = io.BytesIO()
    pq.write_table(frame, out)
    table = read_table_bytes(out.getvalue(), "t.parquet")
    assert table.sample("d").texts == ("0.10", None)
    assert table.sample("f").texts == ("0.1", None)
    assert table.column("w").items == ("a", None)


def test_parquet_with_an_infinity_is_refused():
    out = io.BytesIO()
    pq.write_table(pa.table({"x": [1.0, float("inf")]}), out)
    with pytest.raises(InputError, match="row 2"):
        read_table_bytes(out.getvalue(), "t.parquet")


def test_json_lines_and_arrays_keep_decimal_text_and_missing_keys():
    lines = '{"a": 0.10, "b": "x"}\n\n{"a": 2}\n'
    for text, filename in ((lines, "t.jsonl"), ('[{"a": 0.10, "b": "x"}, {"a": 2}]', "t.json")):
        table = read(text, filename)
        assert table.sample("a").texts == ("0.10", "2")
        assert table.column("b").items == ("x", None)


letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
words = st.text(letters, max_size=8).map(lambda t: f"w{t.strip()}")
numbers = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(-1e9, 1e9, allow_nan=False, allow_infinity=False, places=4).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_table_written_as_csv_is_read_back_the_same(data):
    n = data.draw(st.integers(1, 6))
    columns = []
    for i in range(data.draw(st.integers(1, 4))):
        cells = data.draw(st.lists(st.none() | numbers, min_size=n, max_size=n))
        columns.append(Sample(f"x{i}", tuple(cells)))
        items = data.draw(st.lists(words, min_size=n, max_size=n))
        columns.append(Labels(f"w {i}", tuple(items)))
    table = Table(tuple(columns), "t")
    again = read(csv_text(table))
    assert again.columns == table.columns


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["t.csv", "t.json", "t.xlsx"]),
)
def test_any_bytes_give_a_table_or_a_one_line_refusal(data, filename):
    refusal = ""
    try:
        table = read_table_bytes(data, filename)
    except InputError as error:
        refusal = str(error)
    else:
        assert table.n_rows >= 1
        assert len(set(table.names)) == len(table.names)
    assert "\n" not in refusal


@settings(max_examples=40, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=5))
def test_pandas_reads_the_same_numbers(cells):
    table = read("x,z\n" + "".join(f"{c},q\n" for c in cells))
    frame = pd.read_csv(io.StringIO("x,z\n" + "".join(f"{c},q\n" for c in cells)))
    assert table.sample("x").values.tolist() == frame["x"].astype(float).tolist()


def test_json_numbers_are_not_rounded_on_the_way():
    written = "0.1234567890123456789"
    table = read(json.dumps({"x": 1}).replace("1", written), "t.jsonl")
    assert table.sample("x").texts == (written,)
