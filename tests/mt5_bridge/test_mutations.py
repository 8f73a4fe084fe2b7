"""Would the tests notice? One-line faults are put into the MQL5 sources; nearly all must be caught.

Minutes long, so it only runs with `LIQBANDS_MUTATIONS=1`.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.mt5_bridge.host.build import MQL5, ROOT, build

ALLOWED_TO_SURVIVE = 3
FAULTS = (
    ("Crc32.mqh", "0xEDB88320", "0xEDB88321"),
    ("Lhm1.mqh", "(long)header.total_size!=(long)size", "false"),
    ("Lhm1.mqh", "header.version!=LIQ_VERSION", "header.version<LIQ_VERSION"),
    ("Lhm1.mqh", "offset>=LIQ_HEADER_BYTES &&", "offset>=0 &&"),
    ("Lhm1.mqh", "2*cells,size)", "cells,size)"),
    ("Lhm1.mqh", "band.low<band.high", "true"),
    ("Lhm1.mqh", "LiqIsPositive(header.ref_price) &&", ""),
    ("Lhm1.mqh", "(double)(level-1)/254.0", "(double)level/255.0"),
    ("Clock.mqh", "LiqSunday(t.year,3,2),7)", "LiqSunday(t.year,3,2),6)"),
    ("Clock.mqh", "return(IsSummer(summer) ? summer : winter);", "return(winter);"),
    ("Clock.mqh", "offset-(IsSummer(utc) ? LIQ_HOUR : 0)", "offset"),
    ("Basis.mqh", "gap>LIQ_BASIS_GAP_MS ||", ""),
    ("Basis.mqh", "LIQ_BASIS_SMOOTHING*(ratio-m_ratio)", "(ratio-m_ratio)"),
    ("Basis.mqh", "#define LIQ_BASIS_REFUSALS  3", "#define LIQ_BASIS_REFUSALS  1"),
    ("Geometry.mqh", "/g.bar_pixels+0.5;", "/g.bar_pixels;"),
    ("Geometry.mqh", "opens[bar+1]-opens[bar]<bar_ms", "true"),
    ("Geometry.mqh", "(int)MathCeil(top-0.5)-1", "(int)MathCeil(top-0.5)-2"),
    ("Geometry.mqh", "shows_newest && is_reached", "shows_newest"),
    ("Heatmap.mqh", "column==forming ? LIQ_FORMING : 0", "0"),
    ("Heatmap.mqh", "(cell & 255)>(best & 255)", "cell>best"),
    ("Heatmap.mqh", "(frame.columns-1)*frame.rows", "0"),
    ("Canvas.mqh", "ResourceFree(m_resource);", ""),
    ("Feed.mqh", "header.seq==m_tried_seq && header.crc32==", "m_tried_crc=="),
    ("Feed.mqh", "header.data_ms<m_frame.header.data_ms", "false"),
    ("Feed.mqh", "LiqFilePart(symbol)!=LiqFilePart(m_name)", "false"),
    ("Zones.mqh", 'DeleteNumbered("band",m_boxes,old_boxes);', ""),
    ("Alerts.mqh", "utc-m_when[i]<m_rules.cooldown", "false"),
    ("Alerts.mqh", "m_price<low) :", "m_price<high) :"),
    ("Alerts.mqh", "kept>=LIQ_PUSHES_A_MINUTE ||", ""),
    ("Alerts.mqh", "!is_live || (!m_rules", "(!m_rules"),
    ("Text.mqh", "100.0*value,value<0.1", "value,value<0.1"),
    ("Lhm1.mqh", "LIQ_FLAG_RELATIVE)!=0", "LIQ_FLAG_RELATIVE)<0"),
    ("Symbols.mqh", "StringLen(kept)>=6", "StringLen(kept)>=7"),
    ("Publish.mqh", "FileDelete(temporary,FILE_COMMON);", ""),
    ("Wishes.mqh", "&& utc>=m_wishes[i].not_before", ""),
    ("Candles.mqh", "iTime(pair.broker,PERIOD_M1,1)", "iTime(pair.broker,PERIOD_M1,0)"),
    ("LiqBridge.mq5", "g_pairs[i].last_bar=last;", ""),
    ("LiqBridge.mq5", "(2*wait<LIQ_LONGEST_MS) ? 2*wait", "true ? wait"),
    ("LiqHeatmap.mq5", "g_clock.IsKnown() && g_basis.IsUsable()", "g_basis.IsUsable()"),
    ("LiqHeatmap.mq5", "DataAge()>InpStaleSeconds", "false"),
    ("LiqHeatmap.mq5", "   EventKillTimer();\n", ""),
    ("LiqHeatmap.mq5", "g_is_dirty=!has_bars;", "g_is_dirty=false;"),
)  # fmt: skip


@pytest.mark.skipif(
    os.environ.get("LIQBANDS_MUTATIONS") != "1", reason="LIQBANDS_MUTATIONS=1 runs it: minutes"
)
def test_faults_put_into_the_sources_are_caught(tmp_path: Path) -> None:
    folders = {fault: tmp_path / str(number) for number, fault in enumerate(FAULTS)}
    with ThreadPoolExecutor(2) as pool:
        unnoticed = list(pool.map(is_unnoticed, folders.keys(), folders.values()))
    survivors = [fault for fault, is_one in zip(folders, unnoticed, strict=True) if is_one]
    caught = len(FAULTS) - len(survivors)
    print(f"{caught} of {len(FAULTS)} faults were caught; not: {survivors}")  # noqa: T201  # the score
    assert len(survivors) <= ALLOWED_TO_SURVIVE, survivors


def is_unnoticed(fault: tuple[str, str, str], folder: Path) -> bool:
    """Put a fault into a copy of the sources; it compiles, and the tests run on it."""
    name, before, after = fault
    shutil.copytree(MQL5, folder)
    path = next(folder.rglob(name))
    text = path.read_text("utf-8")
    assert before in text, fault
    path.write_text(text.replace(before, after, 1), "utf-8")
    build(folder, cache=folder.parent / "cache")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/mt5_bridge",
    ]
    environment = os.environ | {"LIQBANDS_MQL5": str(folder), "LIQBANDS_MUTATIONS": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=300)  # noqa: S603  # our tests
    return done.returncode == 0
