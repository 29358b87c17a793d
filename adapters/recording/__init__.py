"""Traffic with a source in a file, with persons replaced by fictitious ones, and played again."""

from adapters.recording.exchange import RecordingError
from adapters.recording.recorder import Recorder
from adapters.recording.replayer import NotRecorded, Replayer

__all__ = ["NotRecorded", "Recorder", "RecordingError", "Replayer"]
