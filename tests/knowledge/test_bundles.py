"""Bundles carry a whole store, are verified part by part, and merge without doubling."""

import io
import json
import random
import tarfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import BundleError, Metadata, Page, Parsed, Store, add_documents, ingest, open_store
from knowledge.bundles import bundle_info, export_store, import_bundle


@pytest.fixture
def bundle(papers: Path, store: Store, tmp_path: Path) -> Path:
    ingest([papers], store)
    export_store(store, tmp_path / "lab.gkb")
    return tmp_path / "lab.gkb"


def contents(store: Store) -> dict:
    snapshot = store.snapshot
    return {
        key: (snapshot.text(row), int(snapshot.page[row]), int(snapshot.start[row]), snapshot.vectors[row].tobytes(),
              snapshot.documents[int(snapshot.owner[row])])
        for key, row in snapshot.rows.items()
    }  # fmt: skip


def test_a_store_goes_out_and_comes_in_whole(bundle: Path, store: Store, tmp_path: Path, engine) -> None:
    info = bundle_info(bundle)
    assert (info.engine, info.dimension, info.documents, info.passages) == (engine.name, 32, 3, 3)
    engine.texts.clear()
    other = open_store(tmp_path / "other", embedder=engine)
    assert import_bundle(bundle, other).count("added") == 3
    assert engine.texts == []  # nothing is embedded again
    assert contents(other) == contents(store)
    assert other.search("celecoxib solubility", 3) == store.search("celecoxib solubility", 3)


def test_the_same_store_gives_the_same_bytes(bundle: Path, store: Store, tmp_path: Path) -> None:
    export_store(store, tmp_path / "again.gkb")
    assert (tmp_path / "again.gkb").read_bytes() == bundle.read_bytes()


def test_importing_twice_and_into_itself_changes_nothing(bundle: Path, store: Store) -> None:
    before, generation = contents(store), store.generation
    assert import_bundle(bundle, store).count("unchanged") == 3
    assert contents(store) == before and store.generation == generation


def test_bundles_merge(bundle: Path, tmp_path: Path, engine) -> None:
    other = open_store(tmp_path / "other", embedder=engine)
    notes = [("note", Parsed((Page("Zeolites adsorb water."),), Metadata("Zeolites"))),
             ("copy", Parsed((Page("Something else."),)))]  # fmt: skip
    add_documents(notes, other)
    assert import_bundle(bundle, other).count("added") == 3
    assert len(other.documents()) == 5
    export_store(other, tmp_path / "both.gkb")
    third = open_store(tmp_path / "third", embedder=engine)
    import_bundle(bundle, third)
    report = import_bundle(tmp_path / "both.gkb", third)
    assert (report.count("unchanged"), report.count("added")) == (3, 2)
    assert contents(third) == contents(other)


def test_a_newer_version_of_a_document_replaces_the_old(papers: Path, bundle: Path, store: Store) -> None:
    (papers / "celecoxib.txt").write_text("Rofecoxib was withdrawn in 2004.")
    ingest([papers], store)
    assert import_bundle(bundle, store).count("replaced") == 1
    assert any("sulfonamide" in text for text, *_ in contents(store).values())
    assert not any("Rofecoxib" in text for text, *_ in contents(store).values())


def test_passages_that_wait_for_their_vectors_wait_there_too(
    papers: Path, store: Store, tmp_path: Path, engine
) -> None:
    class Broken(type(engine)):
        def embed(self, texts):
            raise KeyboardInterrupt

    half = open_store(tmp_path / "half", embedder=Broken())
    with pytest.raises(KeyboardInterrupt):
        ingest([papers], half)
    export_store(open_store(tmp_path / "half", embedder=engine), tmp_path / "half.gkb")
    import_bundle(tmp_path / "half.gkb", store)
    assert not store.snapshot.vectors.any()
    assert ingest([], store).embedded == 3
    assert np.linalg.norm(store.snapshot.vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_vectors_of_another_engine_are_refused(bundle: Path, tmp_path: Path, engine) -> None:
    class Other(type(engine)):
        name = "other-32"

    with pytest.raises(BundleError, match=r"'word-hash-32'.*'other-32'"):
        import_bundle(bundle, open_store(tmp_path / "other", embedder=Other()))


def test_an_empty_store_and_a_wrong_file_are_refused(store: Store, tmp_path: Path, papers: Path) -> None:
    with pytest.raises(BundleError, match="no documents"):
        export_store(store, tmp_path / "x.gkb")
    with pytest.raises(BundleError, match="no bundle"):
        bundle_info(papers / "celecoxib.txt")
    with pytest.raises(BundleError, match="No such file"):
        import_bundle(tmp_path / "nowhere.gkb", store)


def rewritten(bundle: Path, change) -> Path:
    """A copy of a bundle with its parts changed, its checksums left as they were."""
    with tarfile.open(bundle) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar}
    change(parts)
    target = bundle.with_name("changed.gkb")
    with tarfile.open(target, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target


def test_an_altered_part_is_named(bundle: Path, store: Store) -> None:
    def last_byte_of(name: str):
        return lambda parts: parts.__setitem__(name, parts[name][:-1] + bytes([parts[name][-1] ^ 1]))

    for name in ("bundle.json", "documents.jsonl.gz", "passages-00001.jsonl.gz", "vectors-00001.npy"):
        with pytest.raises(BundleError, match=f"'{name}'.*altered"):
            import_bundle(rewritten(bundle, last_byte_of(name)), store)
    with pytest.raises(BundleError, match=r"lacks the part 'passages-00001\.jsonl\.gz'"):
        bundle_info(rewritten(bundle, lambda parts: parts.pop("passages-00001.jsonl.gz")))
    with pytest.raises(BundleError, match=r"'\.\./evil'"):
        bundle_info(rewritten(bundle, lambda parts: parts.__setitem__("../evil", b"x")))


def test_a_newer_format_is_refused(bundle: Path) -> None:
    def newer(parts: dict[str, bytes]) -> None:
        import hashlib

        head = {**json.loads(parts["bundle.json"]), "format": 99}
        parts["bundle.json"] = json.dumps(head).encode()
        sums = json.loads(parts["checksums.json"])
        sums["bundle.json"] = {
            "sha256": hashlib.sha256(parts["bundle.json"]).hexdigest(), "bytes": len(parts["bundle.json"])
        }  # fmt: skip
        parts["checksums.json"] = json.dumps(sums).encode()

    with pytest.raises(BundleError, match="format 99"):
        bundle_info(rewritten(bundle, newer))


def test_a_bundle_cut_anywhere_is_refused(bundle: Path) -> None:
    whole = bundle.read_bytes()
    end = whole.rindex(b"}") + 1  # what follows is padding
    cut = bundle.with_name("cut.gkb")
    for length in (0, 100, 512, 700, *random.Random(5).sample(range(1000, end), 12), end - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(BundleError, match=r"truncated|altered|no bundle"):
            bundle_info(cut)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_byte_never_passes_unnoticed(bundle: Path, data: st.DataObject) -> None:
    whole = bytearray(bundle.read_bytes())
    with tarfile.open(bundle) as tar:
        spans = [(member.offset_data, member.offset_data + member.size) for member in tar]
    at = data.draw(st.sampled_from([i for start, end in spans for i in (start, end - 1, (start + end) // 2)]))
    whole[at] ^= data.draw(st.integers(1, 255))
    damaged = bundle.with_name("damaged.gkb")
    damaged.write_bytes(whole)
    try:
        info = bundle_info(damaged)
    except BundleError:
        return
    assert info == bundle_info(bundle)  # only white space of the list of checksums was touched
