"""Files as the usual save calls of each tool write them, into tool-files/, and what each must read as.

A case is a file: its rows, the name of the set of vectors that it holds, and its columns. Each file is
read back by the tool that wrote it before it is kept, so what it must read as is that tool's word. Sets
are numbers that JSON holds exactly. R and TensorFlow are no packages of the requirements: where they are
missing, the files that they wrote before stay, with their cases.
"""

import csv
import datetime
import decimal
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import datasets
import duckdb
import ml_dtypes
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import safetensors.numpy
import zstandard

FOLDER = Path(__file__).parent / "tool-files"
ROWS, DIMENSIONS = 40, 8
rng = np.random.default_rng(14)
base = rng.standard_normal((ROWS, DIMENSIONS))
F32 = base.astype(np.float32)
CLASSES = ["cat", "dog", "Ångström", "tree frog"]
codes = np.arange(ROWS) % len(CLASSES)
labels = [CLASSES[code] for code in codes]
ids = [f"img-{row:03d}" for row in range(ROWS)]
cameras = ["north" if row % 3 else "south, east" for row in range(ROWS)]
scores = np.round(rng.random(ROWS), 3)
counts = rng.integers(0, 500, ROWS)

sets, cases = {}, {}


def set_of(values):
    """The name of a set of vectors, or of the entries of a column, kept once."""
    rows = np.asarray(values, dtype=np.float64).tolist() if np.ndim(values) == 2 else list(values)
    text = json.dumps(rows, default=lambda value: value.item())
    for name, other in sets.items():
        if other == text:
            return name
    name = f"set {len(sets) + 1}"
    sets[name] = text
    return name


USUAL = {"id": ids, "label": labels, "camera": cameras, "score": scores.tolist(), "count": counts.tolist()}


def keep(path, vectors, columns=USUAL, **more):
    """Notes what the file, which is there, must read as."""
    assert (FOLDER / path).exists(), path
    named = lambda some: {name: None if values is None else set_of(values) for name, values in some.items()}
    case = {"vectors": None if vectors is None else set_of(vectors), "columns": named(columns or {}), **more}
    if "times" in more:
        case["times"] = named(more["times"])
    if "gallery" in more:
        case["gallery"] = {"vectors": set_of(more["gallery"]["vectors"]), "columns": named(more["gallery"]["columns"])}
    cases[path] = case


def file(path):
    target = FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    return str(target)


def same(read, wrote):
    read, wrote = np.asarray(read), np.asarray(wrote)
    assert read.shape == wrote.shape and np.array_equal(read, wrote), (read, wrote)
    return read


def frame(vectors=None, kind=list):
    columns = {} if vectors is None else {"embedding": [kind(row) for row in vectors]}
    return pd.DataFrame({"id": ids, "label": labels, **columns, "camera": cameras, "score": scores, "count": counts})


def wide(prefix="", vectors=F32, **names):
    one = pd.DataFrame(vectors, columns=[f"{prefix}{at}" for at in range(DIMENSIONS)])
    return pd.concat([pd.DataFrame({"id": ids, "label": labels}), one], axis=1)


LABELLED = {"id": ids, "label": labels}


def numpy_files():
    text = np.array(labels)
    np.savez(file("numpy/savez.npz"), embeddings=F32, labels=text, ids=np.array(ids), camera=np.array(cameras), score=scores, count=counts)
    with np.load(file("numpy/savez.npz")) as read:
        same(read["embeddings"], F32)
    named = {"ids": ids, "labels": labels, "camera": cameras, "score": scores.tolist(), "count": counts.tolist()}
    keep("numpy/savez.npz", F32, named)
    np.savez_compressed(file("numpy/savez-compressed.npz"), embeddings=base, labels=codes, ids=np.arange(ROWS) + 2**53)
    keep("numpy/savez-compressed.npz", base, {"labels": [str(code) for code in codes], "ids": [str(2**53 + row) for row in range(ROWS)]})
    np.savez(file("numpy/X-y.npz"), X=F32, y=codes)
    keep("numpy/X-y.npz", F32, {}, classes=set_of([str(code) for code in codes]))
    np.savez(file("numpy/features-targets.npz"), features=F32, targets=text)
    keep("numpy/features-targets.npz", F32, {}, classes=set_of(labels))
    np.savez(file("numpy/positional.npz"), F32, codes)
    keep("numpy/positional.npz", F32, {}, classes=set_of([str(code) for code in codes]))
    np.savez(file("numpy/train-test.npz"), X_train=F32[:30], y_train=text[:30], X_test=F32[30:], y_test=text[30:])
    keep("numpy/train-test.npz", F32[30:], {"y": labels[30:]}, gallery={"vectors": F32[:30], "columns": {"y": labels[:30]}})
    for version in [(1, 0), (2, 0), (3, 0)]:
        path = f"numpy/version-{version[0]}.npy"
        with open(file(path), "wb") as out:
            np.lib.format.write_array(out, F32, version=version)
        same(np.load(file(path)), F32)
        keep(path, F32, {})
    for name, values in {
        "fortran": np.asfortranarray(F32),
        "fortran-float64": np.asfortranarray(base),
        "big-endian": F32.astype(">f4"),
        "big-endian-float64": base.astype(">f8"),
        "float16": base.astype(np.float16),
        "float64": base,
        **{
            kind: (base * 40).astype(kind) if kind[0] == "i" else np.abs(base * 40).astype(kind)
            for kind in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
        },
        "big-endian-int32": (base * 1000).astype(">i4"),
    }.items():
        np.save(file(f"numpy/{name}.npy"), values)
        keep(f"numpy/{name}.npy", same(np.load(file(f"numpy/{name}.npy")), values), {})
    halves = base.astype(ml_dtypes.bfloat16)
    np.save(file("numpy/bfloat16.npy"), halves)
    same(np.load(file("numpy/bfloat16.npy")).view(ml_dtypes.bfloat16), halves)
    keep("numpy/bfloat16.npy", halves, {})
    np.savez(file("numpy/bfloat16.npz"), embeddings=halves, labels=text)
    keep("numpy/bfloat16.npz", halves, {"labels": labels})
    table = np.zeros(ROWS, dtype=[("id", "U8"), ("embedding", "<f4", (DIMENSIONS,)), ("label", "U12"), ("score", "<f8")])
    table["id"], table["embedding"], table["label"], table["score"] = ids, F32, labels, scores
    np.save(file("numpy/structured.npy"), table)
    same(np.load(file("numpy/structured.npy"))["embedding"], F32)
    keep("numpy/structured.npy", F32, {"id": ids, "label": labels, "score": scores.tolist()})
    days = np.datetime64("2025-01-31", "D") + np.arange(ROWS)
    moments = np.datetime64("2025-01-31T18:30:00", "s") + np.arange(ROWS) * 3607
    np.savez(
        file("numpy/times.npz"), embeddings=F32, labels=text, day=days, second=moments,
        milli=moments.astype("datetime64[ms]") + 250, nano=moments.astype("datetime64[ns]"),
    )
    iso = lambda values: [str(value) for value in values]
    keep("numpy/times.npz", F32, {"labels": labels}, times={
        "day": iso(days), "second": iso(moments), "milli": iso(moments.astype("datetime64[ms]") + 250), "nano": iso(moments)})
    np.savez(file("numpy/kinds.npz"), embeddings=F32, label=np.array([name.encode() for name in labels]), checked=codes > 1,
             small=codes.astype(np.int8), big=counts.astype(">i8"), half=scores.astype(np.float16))
    keep("numpy/kinds.npz", F32, {
        "label": labels, "checked": [str(code > 1) for code in codes], "small": codes.tolist(), "big": counts.tolist(),
        "half": scores.astype(np.float16).astype(float).tolist()})


def pandas_files():
    def back(path, **options):
        return pd.read_csv(file(path), float_precision="round_trip", keep_default_na=False, **options)

    def text_case(path, options, prefix="", index=None, extra=LABELLED):
        read = back(path, **options)
        keep(path, read[[f"{prefix}{at}" for at in range(DIMENSIONS)]].to_numpy(), extra)

    plain = frame(base)
    plain.to_csv(file("pandas/list-column.csv"), index=False)
    keep("pandas/list-column.csv", same([json.loads(cell) for cell in back("pandas/list-column.csv")["embedding"].str.replace("np.float64(", "").str.replace(")", "")], base))
    lists = plain.assign(embedding=base.tolist())
    lists.to_csv(file("pandas/python-list-column.csv"), index=False)
    keep("pandas/python-list-column.csv", same([json.loads(cell) for cell in back("pandas/python-list-column.csv")["embedding"]], base))
    frame(F32, np.array).to_csv(file("pandas/array-column.csv"), index=False)
    shown = [np.array(cell.strip("[]").split(), dtype=float) for cell in back("pandas/array-column.csv")["embedding"]]
    keep("pandas/array-column.csv", shown)
    for path, prefix, options, reading in [
        ("wide.csv", "", {"index": False}, {}),
        ("wide-feature.csv", "feature_", {"index": False}, {}),
        ("wide-dim.csv", "dim_", {"index": False}, {}),
        ("wide-x.csv", "x", {"index": False}, {}),
        ("tabs.tsv", "dim_", {"index": False, "sep": "\t"}, {"sep": "\t"}),
        ("semicolons.csv", "dim_", {"index": False, "sep": ";", "decimal": ","}, {"sep": ";", "decimal": ","}),
        ("utf-16.csv", "dim_", {"index": False, "encoding": "utf-16"}, {"encoding": "utf-16"}),
        ("utf-8-bom.csv", "dim_", {"index": False, "encoding": "utf-8-sig"}, {"encoding": "utf-8-sig"}),
        ("latin-1.csv", "dim_", {"index": False, "encoding": "latin-1"}, {"encoding": "latin-1"}),
        ("packed.csv.gz", "dim_", {"index": False, "compression": {"method": "gzip", "mtime": 1}}, {}),
        ("packed.csv.zst", "dim_", {"index": False}, {}),
        ("crlf.csv", "dim_", {"index": False, "lineterminator": "\r\n"}, {}),
        ("quoted.csv", "dim_", {"index": False, "quoting": csv.QUOTE_NONNUMERIC}, {}),
    ]:
        wide(prefix).to_csv(file(f"pandas/{path}"), **options)
        text_case(f"pandas/{path}", reading, prefix)
    wide("dim_").to_csv(file("pandas/index.csv"))
    text_case("pandas/index.csv", {}, "dim_", extra=LABELLED | {"": None})
    wide("dim_").set_index("id").to_csv(file("pandas/named-index.csv"))
    text_case("pandas/named-index.csv", {}, "dim_")
    pd.DataFrame(F32).to_csv(file("pandas/headerless.csv"), header=False, index=False)
    keep("pandas/headerless.csv", back("pandas/headerless.csv", header=None).to_numpy(), {})
    for path, one, values in [
        ("list.parquet", frame(F32), F32), ("list-float64.parquet", frame(base), base), ("arrays.parquet", frame(F32, np.array), F32),
    ]:
        one.to_parquet(file(f"pandas/{path}"))
        same(np.stack(pd.read_parquet(file(f"pandas/{path}"))["embedding"]), values)
        keep(f"pandas/{path}", values)
    for codec in ["gzip", "brotli", "zstd", "lz4", None]:
        frame(F32).to_parquet(file(f"pandas/list-{codec}.parquet"), compression=codec, index=False)
        keep(f"pandas/list-{codec}.parquet", F32)
    wide("dim_").to_parquet(file("pandas/wide.parquet"))
    keep("pandas/wide.parquet", F32, LABELLED)
    wide("dim_").set_index("id").to_parquet(file("pandas/index.parquet"))
    keep("pandas/index.parquet", F32, LABELLED)
    frame(F32).assign(label=pd.Categorical(labels)).to_parquet(file("pandas/categorical.parquet"))
    keep("pandas/categorical.parquet", F32)
    moments = pd.date_range("2025-01-31 18:30", periods=ROWS, freq="h")
    frame(F32).assign(taken=moments, checked=codes > 1).to_parquet(file("pandas/times.parquet"))
    keep("pandas/times.parquet", F32, USUAL | {"checked": [str(code > 1) for code in codes]}, times={"taken": [str(one) for one in moments]})
    frame(F32).to_feather(file("pandas/list.feather"))
    keep("pandas/list.feather", F32)
    wide("dim_").to_feather(file("pandas/wide.feather"))
    keep("pandas/wide.feather", F32, LABELLED)
    lists.to_json(file("pandas/records.json"), orient="records", double_precision=15)
    lists.to_json(file("pandas/lines.jsonl"), orient="records", lines=True, double_precision=15)
    for path in ["pandas/records.json", "pandas/lines.jsonl"]:
        read = [json.loads(line) for line in open(file(path), encoding="utf-8")] if path.endswith("l") else json.load(open(file(path)))
        keep(path, [row["embedding"] for row in read])
    wide("dim_").to_json(file("pandas/wide-lines.jsonl"), orient="records", lines=True)
    read = [json.loads(line) for line in open(file("pandas/wide-lines.jsonl"))]
    keep("pandas/wide-lines.jsonl", [[row[f"dim_{at}"] for at in range(DIMENSIONS)] for row in read], LABELLED)
    for orient in ["columns", "split", "index", "values"]:
        lists.to_json(file(f"pandas/{orient}.json"), orient=orient, double_precision=15)
    read = json.load(open(file("pandas/columns.json")))
    keep("pandas/columns.json", list(read["embedding"].values()))
    read = json.load(open(file("pandas/split.json")))
    keep("pandas/split.json", [row[read["columns"].index("embedding")] for row in read["data"]])
    read = json.load(open(file("pandas/index.json")))
    keep("pandas/index.json", [row["embedding"] for row in read.values()])
    read = json.load(open(file("pandas/values.json")))
    keep("pandas/values.json", [row[2] for row in read], {})
    dummies = pd.get_dummies(wide("dim_"), columns=["label"])
    dummies.to_csv(file("pandas/dummies.csv"), index=False)
    text_case("pandas/dummies.csv", {}, "dim_", extra={"id": ids})
    dummies.to_parquet(file("pandas/dummies.parquet"))
    keep("pandas/dummies.parquet", F32, {"id": ids})
    for path in ["pandas/dummies.csv", "pandas/dummies.parquet"]:
        cases[path]["classes"] = set_of(labels)


def polars_files():
    data = {"id": ids, "label": labels, "embedding": F32.tolist(), "camera": cameras, "score": scores.tolist(), "count": counts.tolist()}
    lists = pl.DataFrame(data, schema_overrides={"embedding": pl.List(pl.Float32)})
    arrays = pl.DataFrame(data, schema_overrides={"embedding": pl.Array(pl.Float32, DIMENSIONS)})
    flat = pl.DataFrame({"id": ids, "label": labels, **{f"dim_{at}": F32[:, at] for at in range(DIMENSIONS)}})
    for shape, one in {"list": lists, "array": arrays}.items():
        for codec in ["zstd", "snappy", "gzip", "brotli", "lz4", "uncompressed"]:
            path = f"polars/{shape}-{codec}.parquet"
            one.write_parquet(file(path), compression=codec)
            same(pl.read_parquet(file(path))["embedding"].to_list(), F32)
            keep(path, F32)
        for codec in ["uncompressed", "lz4", "zstd"]:
            path = f"polars/{shape}-{codec}.arrow"
            one.write_ipc(file(path), compression=codec)
            same(pl.read_ipc(file(path))["embedding"].to_list(), F32)
            keep(path, F32)
        path = f"polars/{shape}-stream.arrow"
        one.write_ipc_stream(file(path))
        keep(path, F32)
        path = f"polars/{shape}.ndjson"
        one.write_ndjson(file(path))
        keep(path, [json.loads(line)["embedding"] for line in open(file(path))])
        path = f"polars/{shape}.json"
        one.write_json(file(path))
        keep(path, [row["embedding"] for row in json.load(open(file(path)))])
    lists.with_columns(pl.col("label").cast(pl.Categorical)).write_parquet(file("polars/categorical.parquet"))
    keep("polars/categorical.parquet", F32)
    lists.with_columns(pl.col("label").cast(pl.Categorical)).write_ipc(file("polars/categorical.arrow"))
    keep("polars/categorical.arrow", F32)
    flat.write_parquet(file("polars/wide.parquet"))
    keep("polars/wide.parquet", F32, LABELLED)
    flat.write_csv(file("polars/wide.csv"))
    read = pd.read_csv(file("polars/wide.csv"), float_precision="round_trip")
    keep("polars/wide.csv", read[[f"dim_{at}" for at in range(DIMENSIONS)]].to_numpy(), LABELLED)
    flat.write_csv(file("polars/wide.tsv"), separator="\t")
    keep("polars/wide.tsv", read[[f"dim_{at}" for at in range(DIMENSIONS)]].to_numpy(), LABELLED)


def arrow_files():
    plain = {"camera": pa.array(cameras), "score": pa.array(scores), "count": pa.array(counts)}
    flat = pa.array(F32.ravel())

    def table(vectors, label=pa.array(labels)):
        return pa.table({"id": pa.array(ids), "label": label, "embedding": vectors, **plain})

    fixed = pa.FixedSizeListArray.from_arrays(flat, DIMENSIONS)
    tables = {
        "list": table(pa.array(F32.tolist(), pa.list_(pa.float32()))),
        "fixed": table(fixed),
        "large-list": table(pa.array(F32.tolist(), pa.large_list(pa.float32()))),
        "not-null": table(pa.array(F32.tolist(), pa.list_(pa.field("item", pa.float32(), nullable=False)))),
        "dictionary": table(fixed, pa.array(labels).dictionary_encode()),
        "large-text": table(fixed, pa.array(labels, pa.large_string())),
    }
    for name, one in tables.items():
        for codec in ["none", "snappy", "gzip", "brotli", "lz4", "zstd"]:
            path = f"pyarrow/{name}-{codec}.parquet"
            pq.write_table(one, file(path), compression=codec, row_group_size=16)
            same(pq.read_table(file(path))["embedding"].to_pylist(), F32)
            keep(path, F32)
        for codec in [None, "lz4", "zstd"]:
            options = pa.ipc.IpcWriteOptions(compression=codec)
            for kind, start in {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}.items():
                path = f"pyarrow/{name}-{codec}-{kind}.arrow"
                with start(file(path), one.schema, options=options) as out:
                    out.write_table(one, max_chunksize=16)
                keep(path, F32)
    one = tables["fixed"]
    for name, options in {
        "version-1.0": {"version": "1.0"},
        "data-page-2": {"data_page_version": "2.0"},
        "byte-stream-split": {"use_dictionary": False, "column_encoding": {"embedding.list.element": "BYTE_STREAM_SPLIT", "id": "DELTA_BYTE_ARRAY", "count": "DELTA_BINARY_PACKED", "camera": "DELTA_LENGTH_BYTE_ARRAY"}},
        "checksums": {"write_page_checksum": True},
        "small-pages": {"data_page_size": 64, "write_batch_size": 4},
        "page-index": {"write_page_index": True},
    }.items():
        path = f"pyarrow/{name}.parquet"
        pq.write_table(one, file(path), **options)
        same(pq.read_table(file(path))["embedding"].to_pylist(), F32)
        keep(path, F32)
    for kind, values in {"float16": base.astype(np.float16), "float64": base, "int8": (base * 40).astype(np.int8), "int64": (base * 1000).astype(np.int64)}.items():
        one = table(pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), DIMENSIONS))
        pq.write_table(one, file(f"pyarrow/{kind}.parquet"))
        keep(f"pyarrow/{kind}.parquet", values)
        feather.write_feather(one, file(f"pyarrow/{kind}.feather"))
        keep(f"pyarrow/{kind}.feather", values)
    nested = pa.table({"id": pa.array(ids), "label": pa.array(labels), "out": pa.StructArray.from_arrays([fixed], ["embedding"])})
    pq.write_table(nested, file("pyarrow/nested.parquet"))
    keep("pyarrow/nested.parquet", F32, LABELLED)
    whole = pa.table({"id": pa.array(np.arange(ROWS) + 2**53), "label": pa.array(codes), "embedding": fixed})
    pq.write_table(whole, file("pyarrow/whole-numbers.parquet"))
    feather.write_feather(whole, file("pyarrow/whole-numbers.feather"))
    for path in ["pyarrow/whole-numbers.parquet", "pyarrow/whole-numbers.feather"]:
        keep(path, F32, {"id": [str(2**53 + row) for row in range(ROWS)], "label": [str(code) for code in codes]})
    ragged = F32.tolist()
    ragged[20], ragged[21] = ragged[20][:7], ragged[21] + [1.0]
    broken = F32.tolist()
    broken[23] = None
    for name, rows in {"ragged": ragged, "null-row": broken}.items():
        one = table(pa.array(rows, pa.list_(pa.float32())))
        pq.write_table(one, file(f"pyarrow/{name}.parquet"))
        feather.write_feather(one, file(f"pyarrow/{name}.feather"))
        with open(file(f"pyarrow/{name}.jsonl"), "w", encoding="utf-8") as out:
            for row in one.to_pylist():
                out.write(json.dumps(row) + "\n")
    for end in ["parquet", "feather", "jsonl"]:
        keep(f"pyarrow/ragged.{end}", None, None, error="20")


def clock(value):
    """As the tool shows it, without the zeros at its end; a moment of a known zone in UTC."""
    zone = getattr(value, "tzinfo", None)
    text = (value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if zone else value).isoformat()
    return (text.rstrip("0") if "." in text else text) + ("Z" if zone else "")


def kinds_of_columns():
    """Times, dates, decimals, long numbers and bytes, as metadata."""
    moments = [datetime.datetime(2025, 1, 31, 18, 30) + datetime.timedelta(minutes=61 * row, milliseconds=250 * row) for row in range(ROWS)]
    zoned = [moment.replace(tzinfo=datetime.timezone.utc) for moment in moments]
    keys = [uuid.UUID(int=row * 2**90 + row) for row in range(ROWS)]
    columns = {
        "local": pa.array(moments, pa.timestamp("us")),
        "local_ms": pa.array(moments, pa.timestamp("ms")),
        "utc": pa.array(zoned, pa.timestamp("us", "UTC")),
        "berlin": pa.array(zoned, pa.timestamp("ms", "Europe/Berlin")),
        "clock": pa.array([moment.time() for moment in moments], pa.time64("us")),
        "clock_ms": pa.array([moment.time() for moment in moments], pa.time32("ms")),
        "day": pa.array([moment.date() for moment in moments], pa.date32()),
        "price": pa.array([decimal.Decimal(row * 7 - 100) / 100 for row in range(ROWS)], pa.decimal128(9, 2)),
        "long": pa.array([2**62 + row for row in range(ROWS)], pa.int64()),
        "longer": pa.array([2**63 + row for row in range(ROWS)], pa.uint64()),
        "key": pa.array([key.bytes for key in keys], pa.uuid()),
    }
    shown = {name: [clock(value) for value in values.to_pylist()] for name, values in columns.items() if name in ["local", "local_ms", "utc", "berlin", "clock", "clock_ms", "day"]}
    read = {**LABELLED, **shown, "price": [float(value) for value in columns["price"].to_pylist()], "key": [str(key) for key in keys]}
    read |= {name: [str(value) for value in columns[name].to_pylist()] for name in ["long", "longer"]}
    vectors = pa.array(F32.tolist(), pa.list_(pa.float32()))
    table = pa.table({"id": pa.array(ids), "label": pa.array(labels), "embedding": vectors, **columns, "thumbnail": pa.array([b"\xff\xd8"] * ROWS)})
    pq.write_table(table, file("pyarrow/kinds.parquet"))
    assert pq.read_table(file("pyarrow/kinds.parquet"))["clock"].to_pylist() == columns["clock"].to_pylist()
    pq.write_table(table.select(["id", "label", "embedding", "local"]), file("pyarrow/int96.parquet"), use_deprecated_int96_timestamps=True)
    keep("pyarrow/kinds.parquet", F32, read)
    keep("pyarrow/int96.parquet", F32, LABELLED | {"local": shown["local"]})
    spans = pa.array([1500 * row for row in range(ROWS)], pa.duration("ms"))
    feather.write_feather(table.append_column("span", spans), file("pyarrow/kinds.feather"))
    keep("pyarrow/kinds.feather", F32, read | {"span": [1500 * row for row in range(ROWS)]})
    one = pl.DataFrame({"id": ids, "label": labels, "embedding": F32.tolist(), "local": moments, "utc": zoned, "clock": [moment.time() for moment in moments], "day": [moment.date() for moment in moments]})
    names = ["local", "utc", "clock", "day"]
    read = LABELLED | {name: [clock(value) for value in one[name].to_list()] for name in names}
    one.write_parquet(file("polars/times.parquet"))
    one.write_ipc(file("polars/times.arrow"))
    for path in ["polars/times.parquet", "polars/times.arrow"]:
        keep(path, F32, read)
    db = duckdb.connect()
    db.execute("CREATE TABLE rows (id VARCHAR, label VARCHAR, embedding FLOAT[], local TIMESTAMP, utc TIMESTAMPTZ, clock TIME, day DATE, key UUID)")
    db.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [list(row) for row in zip(ids, labels, F32.tolist(), moments, zoned, [moment.time() for moment in moments], [moment.date() for moment in moments], keys)])
    db.execute(f"COPY rows TO '{file('duckdb/times.parquet')}' (FORMAT parquet)")
    read_back = db.execute(f"SELECT local, utc AT TIME ZONE 'UTC', clock, day, key FROM '{file('duckdb/times.parquet')}'").fetchall()
    local, utc, times, days, names = zip(*read_back)
    keep("duckdb/times.parquet", F32, LABELLED | {
        "local": [clock(value) for value in local], "utc": [clock(value) + "Z" for value in utc], "clock": [clock(value) for value in times],
        "day": [clock(value) for value in days], "key": [str(value) for value in names]})


def texts_of_vectors():
    """Vectors as texts in columns of texts, as exports of databases and of CSV files have them."""
    texts = [json.dumps(row) for row in F32.tolist()]
    plain = frame(F32).assign(embedding=texts)
    plain.to_parquet(file("pandas/text-vectors.parquet"))
    plain.to_feather(file("pandas/text-vectors.feather"))
    pl.DataFrame(plain.to_dict("list")).write_ipc(file("polars/text-vectors.arrow"), compression="zstd")
    for path in ["pandas/text-vectors.parquet", "pandas/text-vectors.feather", "polars/text-vectors.arrow"]:
        keep(path, same([json.loads(text) for text in plain["embedding"]], F32))
    db = duckdb.connect()
    db.register("plain", frame(base).assign(embedding=base.tolist()))
    db.execute(f"COPY (SELECT * REPLACE (embedding::VARCHAR AS embedding) FROM plain) TO '{file('duckdb/text-vectors.parquet')}' (FORMAT parquet)")
    read = db.execute(f"SELECT embedding::DOUBLE[] FROM '{file('duckdb/text-vectors.parquet')}'").fetchall()
    keep("duckdb/text-vectors.parquet", same([row[0] for row in read], base))
    with np.printoptions(threshold=5):
        cut = frame(F32).assign(embedding=[str(row) for row in F32])
    assert "..." in cut["embedding"][0]
    cut.to_parquet(file("pandas/elided.parquet"))
    cut.to_feather(file("pandas/elided.feather"))
    for path in ["pandas/elided.parquet", "pandas/elided.feather"]:
        keep(path, None, None, error="cut short")


def duckdb_files():
    db = duckdb.connect()
    db.execute(f"CREATE TABLE rows (id VARCHAR, label VARCHAR, embedding FLOAT[{DIMENSIONS}], camera VARCHAR, score DOUBLE, count BIGINT)")
    db.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)", [list(row) for row in zip(ids, labels, F32.tolist(), cameras, scores.tolist(), counts.tolist())])
    for path, options in [
        ("array.parquet", "FORMAT parquet"), ("array-zstd.parquet", "FORMAT parquet, COMPRESSION zstd"),
        ("array-v2.parquet", "FORMAT parquet, PARQUET_VERSION v2"), ("array.csv", "HEADER"), ("array.tsv", "HEADER, DELIMITER '\t'"),
        ("array.jsonl", "FORMAT json"), ("array.json", "FORMAT json, ARRAY true"), ("array.csv.gz", "FORMAT csv, HEADER, COMPRESSION gzip"),
    ]:
        db.execute(f"COPY rows TO '{file('duckdb/' + path)}' ({options})")
        reader = {"p": "read_parquet", "c": "read_csv", "t": "read_csv", "j": "read_json"}[path.split(".")[1][0]]
        read = db.execute(f"SELECT embedding::DOUBLE[] FROM {reader}('{file('duckdb/' + path)}')").fetchall()
        values = np.array([row[0] for row in read])
        assert np.array_equal(values.astype(np.float32), F32), path
        keep(f"duckdb/{path}", values)


def hugging_face_files():
    features = datasets.Features({
        "id": datasets.Value("string"),
        "label": datasets.ClassLabel(names=CLASSES),
        "embedding": datasets.List(datasets.Value("float32")),
        "score": datasets.Value("float64"),
    })
    one = datasets.Dataset.from_dict({"id": ids, "label": codes.tolist(), "embedding": F32.tolist(), "score": scores.tolist()}, features=features)
    columns = {"id": ids, "score": scores.tolist()}
    named = {"columns": columns | {"label": labels}}
    either = {"labelEither": [set_of(labels), set_of([str(code) for code in codes])]}
    one.to_parquet(file("hugging-face/to_parquet.parquet"))
    saved = FOLDER / "saved"
    one.save_to_disk(str(saved))
    shutil.copy(saved / "data-00000-of-00001.arrow", file("hugging-face/save_to_disk.arrow"))
    shutil.rmtree(saved)
    # As `datasets` has it where a row has no label.
    some = [-1 if row % 5 == 0 else int(code) for row, code in enumerate(codes)]
    part = datasets.Dataset.from_dict({"id": ids, "label": some, "embedding": F32.tolist(), "score": scores.tolist()}, features=features)
    part.to_parquet(file("hugging-face/unlabelled.parquet"))
    names = part.features["label"].names
    keep("hugging-face/unlabelled.parquet", F32, columns | {"label": ["-1" if code < 0 else names[code] for code in part["label"]]})
    one.to_json(file("hugging-face/to_json.jsonl"))
    one.to_csv(file("hugging-face/to_csv.csv"))
    for path, values in [
        ("to_parquet.parquet", F32), ("save_to_disk.arrow", F32),
        ("to_json.jsonl", [json.loads(line)["embedding"] for line in open(file("hugging-face/to_json.jsonl"))]),
        ("to_csv.csv", [np.array(cell.strip("[]").replace(",", " ").split(), dtype=float) for cell in pd.read_csv(file("hugging-face/to_csv.csv"))["embedding"]]),
    ]:
        keep(f"hugging-face/{path}", values, **(named if path.endswith((".parquet", ".arrow")) else {"columns": columns, **either}))


def safetensors_files():
    for kind in ["float64", "float32", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
        values = base.astype(kind) if kind[0] == "f" else np.abs(base * 40).astype(kind)
        path = f"safetensors/{kind}.safetensors"
        safetensors.numpy.save_file({"embeddings": values, "labels": codes.astype(np.int64)}, file(path))
        same(safetensors.numpy.load_file(file(path))["embeddings"], values)
        keep(path, values, {"labels": [str(code) for code in codes]})
    halves = base.astype(ml_dtypes.bfloat16)
    safetensors.numpy.save_file({"embeddings": halves, "labels": codes}, file("safetensors/bfloat16.safetensors"), metadata={"format": "pt"})
    keep("safetensors/bfloat16.safetensors", halves, {"labels": [str(code) for code in codes]})


def spreadsheet_files():
    """As spreadsheets export: CRLF, quotes only where needed, and what the country's settings say."""
    def rows(decimal):
        yield ["id", "label", *[f"dim_{at}" for at in range(DIMENSIONS)]]
        for row in range(ROWS):
            yield [ids[row], labels[row], *[f"{value:.6f}".replace(".", decimal) for value in base[row]]]

    values = np.array([[float(f"{value:.6f}") for value in row] for row in base])
    for name, delimiter, decimal, encoding, first in [
        ("comma", ",", ".", "utf-8-sig", ""), ("semicolon", ";", ",", "utf-8-sig", ""), ("sep-line", ";", ",", "cp1252", "sep=;\r\n"),
        ("windows", ";", ",", "cp1252", ""), ("unicode-text", "\t", ",", "utf-16", ""),
    ]:
        path = f"spreadsheet/{name}.{'txt' if name == 'unicode-text' else 'csv'}"
        if name == "unicode-text":
            path = "spreadsheet/unicode-text.tsv"
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows(decimal))
        Path(file(path)).write_bytes((first + text.getvalue()).encode(encoding))
        keep(path, values, LABELLED)


def packed_files():
    text = Path(file("pandas/list-column.csv")).read_bytes()
    Path(file("packed/list-column.csv.zst")).write_bytes(zstandard.ZstdCompressor().compress(text))
    array = Path(file("numpy/float64.npy")).read_bytes()
    Path(file("packed/float64.npy.gz")).write_bytes(gzip.compress(array, mtime=1))
    parquet = Path(file("pyarrow/fixed-none.parquet")).read_bytes()
    Path(file("packed/fixed.parquet.zst")).write_bytes(zstandard.ZstdCompressor().compress(parquet))
    lines = Path(file("pandas/lines.jsonl")).read_bytes()
    Path(file("packed/lines.jsonl.gz")).write_bytes(gzip.compress(lines, mtime=1))
    keep("packed/list-column.csv.zst", base)
    keep("packed/float64.npy.gz", base, {})
    keep("packed/fixed.parquet.zst", F32)
    keep("packed/lines.jsonl.gz", json.loads(sets[cases["pandas/lines.jsonl"]["vectors"]]))


R_SCRIPT = """
vectors <- as.matrix(read.csv(file.path(folder, "vectors.csv"), header = FALSE))
colnames(vectors) <- NULL
rows <- read.csv(file.path(folder, "rows.csv"), colClasses = "character", fileEncoding = "UTF-8")
frame <- data.frame(id = rows$id, label = rows$label, vectors)
out <- function(name) file.path(folder, "r", name)
write.csv(frame, out("write.csv.csv"), fileEncoding = "UTF-8")
write.csv(frame, out("no-row-names.csv"), row.names = FALSE, fileEncoding = "UTF-8")
write.csv2(frame, out("write.csv2.csv"), row.names = FALSE, fileEncoding = "UTF-8")
write.table(frame, out("write.table.tsv"), sep = "\\t", row.names = FALSE, fileEncoding = "UTF-8")
write.table(frame, out("row-names.tsv"), sep = "\\t", fileEncoding = "UTF-8")
matrix <- as.data.frame(vectors)
names(matrix) <- paste0("V", seq_len(ncol(matrix)))
write.csv(cbind(label = rows$label, matrix), out("matrix.csv"), row.names = FALSE, fileEncoding = "UTF-8")
"""

TENSORFLOW_SCRIPT = """
import sys, csv, io, json, pathlib
import numpy as np
import tensorboardX
import tensorflow as tf
folder = pathlib.Path(sys.argv[1])
values = np.loadtxt(folder / "vectors.csv", delimiter=",", dtype=np.float32)
rows = list(csv.DictReader(open(folder / "rows.csv", encoding="utf-8")))
# As the guide to word embeddings has it.
words = folder / "tensorflow/words"
words.mkdir(parents=True, exist_ok=True)
weights = tf.keras.layers.Embedding(*values.shape)
weights.build(None)
weights.set_weights([values])
with io.open(words / "vectors.tsv", "w", encoding="utf-8") as out_v, io.open(words / "metadata.tsv", "w", encoding="utf-8") as out_m:
    for row, vec in zip(rows, weights.get_weights()[0]):
        out_v.write("\\t".join([str(x) for x in vec]) + "\\n")
        out_m.write(row["label"] + "\\n")
# As PyTorch and TensorBoard write a projector's folder.
writer = tensorboardX.SummaryWriter(str(folder / "logs"))
writer.add_embedding(values, metadata=[[row["id"], row["label"]] for row in rows], metadata_header=["id", "label"])
writer.close()
config = next((folder / "logs").rglob("tensors.tsv")).parent
projector = folder / "tensorflow/projector"
projector.mkdir(parents=True, exist_ok=True)
for name in ["tensors.tsv", "metadata.tsv"]:
    (projector / name).write_bytes((config / name).read_bytes())
# As the stand-alone projector wants them.
raw = folder / "tensorflow/bytes"
raw.mkdir(parents=True, exist_ok=True)
values.tofile(raw / "tensors.bytes")
(raw / "metadata.tsv").write_bytes((config / "metadata.tsv").read_bytes())
(raw / "projector_config.json").write_text(json.dumps({"embeddings": [{"tensorName": "rows", "tensorShape": list(values.shape), "tensorPath": "tensors.bytes", "metadataPath": "metadata.tsv"}]}))
"""


def other_tools():
    """R and TensorFlow, in environments of their own: `TENSORFLOW_PYTHON` names an interpreter that has it."""
    shared = FOLDER / "work"
    shared.mkdir(exist_ok=True)
    (shared / "r").mkdir(exist_ok=True)
    np.savetxt(shared / "vectors.csv", F32, delimiter=",", fmt="%.9g")
    pd.DataFrame({"id": ids, "label": labels}).to_csv(shared / "rows.csv", index=False)
    made = {}
    if shutil.which("Rscript"):
        script = shared / "files.R"
        script.write_text(f'folder <- "{shared}"\n{R_SCRIPT}')
        subprocess.run(["Rscript", str(script)], check=True, stdout=sys.stderr, env={**os.environ, "LC_ALL": "C.UTF-8"})
        made["r"] = shared / "r"
    if os.environ.get("TENSORFLOW_PYTHON"):
        script = shared / "files.py"
        script.write_text(TENSORFLOW_SCRIPT)
        subprocess.run([os.environ["TENSORFLOW_PYTHON"], str(script), str(shared)], check=True, stdout=sys.stderr)
        made["tensorflow"] = shared / "tensorflow"
    for name, folder in made.items():
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        shutil.copytree(folder, FOLDER / name)
    shutil.rmtree(shared)
    if (FOLDER / "r").exists():
        for path, options, extra in [
            ("write.csv.csv", {}, LABELLED | {"": None}), ("no-row-names.csv", {}, LABELLED), ("write.csv2.csv", {"sep": ";", "decimal": ","}, LABELLED),
            ("write.table.tsv", {"sep": "\t"}, LABELLED), ("row-names.tsv", {"sep": "\t"}, LABELLED | {"": None}),
        ]:
            read = pd.read_csv(file(f"r/{path}"), float_precision="round_trip", **options)
            keep(f"r/{path}", read[[f"X{at + 1}" for at in range(DIMENSIONS)]].to_numpy(), extra)
        read = pd.read_csv(file("r/matrix.csv"), float_precision="round_trip")
        keep("r/matrix.csv", read[[f"V{at + 1}" for at in range(DIMENSIONS)]].to_numpy(), {"label": labels})
    if (FOLDER / "tensorflow").exists():
        for path in ["words/vectors.tsv", "projector/tensors.tsv"]:
            keep(f"tensorflow/{path}", np.loadtxt(file(f"tensorflow/{path}"), delimiter="\t"), {})
        same(np.fromfile(file("tensorflow/bytes/tensors.bytes"), "<f4").reshape(ROWS, DIMENSIONS), F32)
        for folder in ["words", "projector", "bytes"]:
            tensors = {"words": "vectors.tsv", "projector": "tensors.tsv"}.get(folder)
            values = F32 if tensors is None else np.loadtxt(file(f"tensorflow/{folder}/{tensors}"), delimiter="\t")
            keep(f"tensorflow/{folder}", values, {"label": labels} if folder == "words" else LABELLED)


with np.printoptions(threshold=sys.maxsize):
    numpy_files()
    pandas_files()
    polars_files()
    arrow_files()
    kinds_of_columns()
    texts_of_vectors()
    duckdb_files()
    hugging_face_files()
    safetensors_files()
    spreadsheet_files()
    packed_files()
    other_tools()
print(json.dumps({"sets": {name: json.loads(text) for name, text in sets.items()}, **cases}, ensure_ascii=False))
