"""One conversation, held with every backend: what they answer is the same.

What the real control plane answered is kept under `transcripts/`, so that the box is compared
with it everywhere, and the file itself wherever the real one runs. To record anew what it says:

    COLONY_RECORD=1 uv run pytest tests/contract -m real -k transcripts
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.contract.kubernetes.backend import Backend
from tests.contract.kubernetes.conversation import Conversation
from tests.contract.kubernetes.hand import Hand
from tests.contract.kubernetes.normal import differences
from tests.contract.kubernetes.scripts import SCRIPTS, Script

TRANSCRIPTS = Path(__file__).parent / "transcripts"


@pytest.mark.parametrize("script", [pytest.param(script, id=script.__name__) for script in SCRIPTS])
async def test_the_answers_are_the_real_ones(
    backend: Backend, hand: Hand, space: str, script: Script
) -> None:
    talk = Conversation(hand, space)
    await script(talk)
    answers = talk.transcript()
    recorded = TRANSCRIPTS / f"{script.__name__}.json"
    if backend.name == "real" and os.environ.get("COLONY_RECORD"):
        recorded.parent.mkdir(exist_ok=True)
        recorded.write_text(
            json.dumps(answers, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        )
    real = json.loads(recorded.read_text())
    found = list(differences(answers, real))
    assert not found, f"{backend.name} differs (here, recorded):\n" + "\n".join(found)
